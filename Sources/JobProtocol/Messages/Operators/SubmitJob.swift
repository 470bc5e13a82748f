package import ClusterProtocol
package import Training

/// Asks for a job to be prepared and trained.
package struct SubmitJob: OperatorCall {
    package typealias Answer = JobStatus
    package static let kind = MessageKind.submitJob

    package var specification: JobSpecification
    /// The job file as it was written, for the record.
    package var source: String
    /// What the checks of the job found, for the record.
    package var warnings: [String]
    /// Whether the workers record what they do when.
    package var profile: Bool

    package init(specification: JobSpecification, source: String, warnings: [String] = [], profile: Bool = false) {
        self.specification = specification
        self.source = source
        self.warnings = warnings
        self.profile = profile
    }

    package func check() throws(DocumentProblem) {
        try Check.text(source, "the job file", atMost: JobSpecification.largestBytes)
        try specification.check()
    }
}
