package import ClusterProtocol

/// Asks how a job stands, over or not.
package struct ShowJob: OperatorCall {
    package typealias Answer = JobStatus
    package static let kind = MessageKind.showJob

    package var id: String
    /// Of the curve only the epochs behind this one are wanted; nil: all that are kept.
    package var curveAfter: Int?

    package init(id: String, curveAfter: Int? = nil) {
        self.id = id
        self.curveAfter = curveAfter
    }

    package func check() throws(DocumentProblem) {
        try Check.job(id)
        try Check.count(curveAfter ?? 0, "curveAfter")
    }
}
