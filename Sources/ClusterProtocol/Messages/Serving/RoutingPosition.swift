/// A routing table by its number and where it came from.
package struct RoutingPosition: ClusterMessage {
    package static let kind = MessageKind.routed
    package static let path = MessagePath.gatewayToCoordinator
    package static let largestBytes = MessageBytes.figures

    /// Nil for a table of a version of Martlet that did not say.
    package var source: StateIdentity?
    package var epoch: UInt64

    package init(source: StateIdentity?, epoch: UInt64) {
        self.source = source
        self.epoch = epoch
    }

    /// Whether a table here comes after, or is, that one: one of another state always does, since a coordinator sends
    /// its tables in the order of their numbers and ends before the next one starts.
    package func supersedes(_ other: RoutingPosition) -> Bool {
        source != other.source || epoch >= other.epoch
    }
}

extension RoutingPosition {
    package func check() throws(DocumentProblem) {
        try source?.check("source")
    }
}
