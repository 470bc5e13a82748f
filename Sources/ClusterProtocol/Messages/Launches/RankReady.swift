/// Worker to coordinator: its rank listens and waits for the others.
package struct RankReady: ClusterMessage {
    package static let kind = MessageKind.rankReady
    package static let path = MessagePath.workerToCoordinator
    package static let largestBytes = MessageBytes.figures

    package var launch: String
    package var generation: UInt64
    package var rank: Int
    package var address: RankAddress

    package init(launch: String, generation: UInt64, rank: Int, address: RankAddress) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.address = address
    }
}

extension RankReady {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.text(address.endpoint, "address.endpoint")
    }
}
