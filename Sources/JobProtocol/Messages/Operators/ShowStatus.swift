package import ClusterProtocol

/// Asks for nodes, jobs, launches and what is served.
package struct ShowStatus: OperatorCall {
    package typealias Answer = ClusterStatus
    package static let kind = MessageKind.showStatus

    package init() {}

    package func check() throws(DocumentProblem) {}
}
