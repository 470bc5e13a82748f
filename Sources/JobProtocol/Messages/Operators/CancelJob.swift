package import ClusterProtocol

/// Ends a job that is not over.
package struct CancelJob: OperatorCall {
    package typealias Answer = JobStatus
    package static let kind = MessageKind.cancelJob

    package var id: String

    package init(id: String) {
        self.id = id
    }

    package func check() throws(DocumentProblem) {
        try Check.job(id)
    }
}
