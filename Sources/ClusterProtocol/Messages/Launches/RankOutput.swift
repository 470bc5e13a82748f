/// Worker to coordinator: what its rank printed.
package struct RankOutput: ClusterMessage {
    package static let kind = MessageKind.rankOutput
    package static let path = MessagePath.workerToCoordinator
    package static let largestBytes = MessageBytes.lines

    package var launch: String
    package var generation: UInt64
    package var rank: Int
    /// Number of the first line, counted from 0 over all that the rank printed. A repeated report says nothing new.
    package var first: Int
    package var lines: [String]

    package init(launch: String, generation: UInt64, rank: Int, first: Int, lines: [String]) {
        self.launch = launch
        self.generation = generation
        self.rank = rank
        self.first = first
        self.lines = lines
    }

    /// Bytes of what one rank prints that its worker keeps in a file.
    package static let loggedBytes = 16 << 20
}

extension RankOutput {
    /// Lines of one message, and bytes of a line.
    private static let mostLines = 2000
    static let longestLine = 4 << 10

    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.count(first, "first")
        try Check.length(lines.count, "lines", atMost: Self.mostLines)
        for line in lines { try Check.text(line, "lines", atMost: Self.longestLine) }
    }
}
