/// Coordinator to worker, and from there to the rank: who the ranks are.
package struct LaunchRoster: ClusterMessage {
    package static let kind = MessageKind.roster
    package static let path = MessagePath.coordinatorToWorker

    package struct Rank: Codable, Sendable, Equatable {
        package var node: String
        package var address: RankAddress

        package init(node: String, address: RankAddress) {
            self.node = node
            self.address = address
        }
    }

    package var launch: String
    package var generation: UInt64
    /// In rank order.
    package var ranks: [Rank]

    package init(launch: String, generation: UInt64, ranks: [Rank]) {
        self.launch = launch
        self.generation = generation
        self.ranks = ranks
    }
}

extension LaunchRoster {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(ranks.count, "ranks", in: 1...Check.ranks)
        for (rank, entry) in ranks.enumerated() {
            try Check.text(entry.node, "ranks[\(rank)].node")
            try Check.text(entry.address.endpoint, "ranks[\(rank)].address.endpoint")
        }
    }
}
