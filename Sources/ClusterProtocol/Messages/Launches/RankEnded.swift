import Explanations
import Wire

/// Worker to coordinator, until acknowledged: its rank has ended, or never began.
package struct RankEnded: ClusterMessage {
    package static let kind = MessageKind.rankEnded
    package static let path = MessagePath.workerToCoordinator
    package static let largestBytes = MessageBytes.lines

    package enum Status: Codable, Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        case notStarted(String)
    }

    package var launch: String
    package var generation: UInt64
    package var rank: Int
    package var status: Status
    /// The last lines that it printed to standard error, or anywhere if it printed none there.
    package var tail: [String]
    /// How many lines it printed, whether they were passed on or not; nil from a worker of a version that did not count.
    package var printed: Int?

    /// - Parameter status: of a reason not to start, as much is told as a failure may have.
    package init(launch: String, generation: UInt64, rank: Int, status: Status, tail: [String], printed: Int) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.status =
            if case .notStarted(let reason) = status {
                .notStarted(reason.shortened(toBytes: WireLimits.failureMessageBytes))
            } else {
                status
            }
        self.tail = tail
        self.printed = printed
    }
}

extension RankEnded {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.length(tail.count, "tail", atMost: 100)
        for line in tail { try Check.text(line, "tail", atMost: RankOutput.longestLine) }
        if let printed { try Check.count(printed, "printed") }
    }
}
