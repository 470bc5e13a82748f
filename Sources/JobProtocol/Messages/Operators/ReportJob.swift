package import ClusterProtocol

/// Asks for all that is known of a job.
package struct ReportJob: OperatorCall {
    package typealias Answer = JobReport
    package static let kind = MessageKind.reportJob

    package var id: String

    package init(id: String) {
        self.id = id
    }

    package func check() throws(DocumentProblem) {
        try Check.job(id)
    }
}
