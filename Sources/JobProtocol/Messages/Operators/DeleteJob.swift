package import ClusterProtocol

/// Forgets a job that is over. The version that it made stays.
package struct DeleteJob: OperatorCall {
    package typealias Answer = Deletion
    package static let kind = MessageKind.deleteJob

    package var id: String

    package init(id: String) {
        self.id = id
    }

    package func check() throws(DocumentProblem) {
        try Check.job(id)
    }
}
