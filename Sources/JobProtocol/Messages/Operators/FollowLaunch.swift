package import ClusterProtocol

/// Asks how a launch stands and what its ranks have printed.
package struct FollowLaunch: OperatorCall {
    package typealias Answer = LaunchReport
    package static let kind = MessageKind.followLaunch

    package var id: String
    /// The number that the report before gave, at first 0.
    package var after: Int

    package init(id: String, after: Int) {
        self.id = id
        self.after = after
    }

    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try Check.count(after, "after")
    }
}
