package import ClusterProtocol

/// Ends a launch that is not over.
package struct CancelLaunch: OperatorCall {
    package typealias Answer = LaunchStatus
    package static let kind = MessageKind.cancelLaunch

    package var id: String

    package init(id: String) {
        self.id = id
    }

    package func check() throws(DocumentProblem) {
        try Check.job(id)
    }
}
