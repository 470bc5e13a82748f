/// Which state a routing table came from: numbers of tables can be compared only within one.
///
/// A coordinator whose state was put back from a backup counts on from there, so its tables have numbers that were given
/// before. It cannot know that from the state itself; therefore every start of a coordinator is told apart.
package struct StateIdentity: Codable, Sendable, Hashable {
    /// The cluster's, made with its state.
    package var cluster: String
    /// Drawn when the coordinator starts.
    package var start: String

    package init(cluster: String, start: String) {
        self.cluster = cluster
        self.start = start
    }
}

/// A routing table by its number and where it came from.
package struct RoutingPosition: Codable, Sendable, Equatable {
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
