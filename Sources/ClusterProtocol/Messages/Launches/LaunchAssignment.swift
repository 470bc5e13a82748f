/// Coordinator to worker: start one rank of a launch.
package struct LaunchAssignment: ClusterMessage {
    package static let kind = MessageKind.launch
    package static let path = MessagePath.coordinatorToWorker
    package static let largestBytes = MessageBytes.words

    package var launch: String
    /// Unique in the cluster among launches and generations of jobs.
    package var generation: UInt64
    package var rank: Int
    package var worldSize: Int
    package var command: RankCommand

    package init(launch: String, generation: UInt64, rank: Int, worldSize: Int, command: RankCommand) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.worldSize = worldSize
        self.command = command
    }
}

extension LaunchAssignment {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(worldSize, "worldSize", in: 1...Check.ranks)
        try Check.count(rank, "rank", in: 0...worldSize - 1)
        try command.check()
    }
}
