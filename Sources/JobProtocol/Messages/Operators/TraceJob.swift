package import ClusterProtocol

/// Asks for what the workers of a job did when.
package struct TraceJob: OperatorCall {
    package typealias Answer = JobTrace
    package static let kind = MessageKind.traceJob

    package var id: String

    package init(id: String) {
        self.id = id
    }

    package func check() throws(DocumentProblem) {
        try Check.job(id)
    }
}
