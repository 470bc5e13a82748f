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

extension StateIdentity {
    func check(_ field: String) throws(DocumentProblem) {
        try Check.text(cluster, "\(field).cluster")
        try Check.text(start, "\(field).start")
    }
}
