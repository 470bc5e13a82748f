extension RankCommand {
    /// Bytes of the path, the folder and all arguments of a command.
    static let largestBytes = 64 << 10

    package func check() throws(DocumentProblem) {
        let bytes = ([executable, directory] + arguments).reduce(0) { $0 + $1.utf8.count }
        guard bytes <= Self.largestBytes else {
            throw DocumentProblem(
                field: "command", expected: "at most \(Self.largestBytes) bytes with all arguments",
                got: "\(bytes) bytes")
        }
    }
}

extension LaunchAssignment: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(worldSize, "worldSize", in: 1...Check.ranks)
        try Check.count(rank, "rank", in: 0...worldSize - 1)
        try command.check()
    }
}

extension LaunchRoster: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(ranks.count, "ranks", in: 1...Check.ranks)
        for (rank, entry) in ranks.enumerated() {
            try Check.text(entry.node, "ranks[\(rank)].node")
            try Check.text(entry.address.endpoint, "ranks[\(rank)].address.endpoint")
        }
    }
}

extension RankReady: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.text(address.endpoint, "address.endpoint")
    }
}

extension RankOutput: CheckedDocument {
    /// Lines of one message, and bytes of a line.
    private static let mostLines = 2000
    private static let longestLine = 4 << 10

    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.count(first, "first")
        try Check.length(lines.count, "lines", atMost: Self.mostLines)
        for line in lines { try Check.text(line, "lines", atMost: Self.longestLine) }
    }
}

extension RankEnded: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(launch, "launch")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try Check.length(tail.count, "tail", atMost: 100)
        if let printed { try Check.count(printed, "printed") }
    }
}

extension LaunchStatus: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try Check.text(id, "id")
        try Check.count(workersAsked, "workersAsked", in: 1...Check.ranks)
    }
}

extension LaunchReport: CheckedDocument {
    package func check() throws(DocumentProblem) {
        try status.check()
        try Check.count(missed, "missed")
        try Check.count(next, "next")
    }
}
