package import JobProtocol
package import ClusterProtocol

/// The newest lines that the ranks of a launch printed, in the order in which they came.
package struct LaunchOutput: Codable, Sendable, Equatable {
    private struct Entry: Codable, Sendable, Equatable {
        /// How many lines were printed before it, by all ranks. One that says how many were left out stands for these.
        var number: Int
        var line: LaunchReport.Line
    }

    private var entries: [Entry] = []
    /// Of all lines that are kept.
    private var bytes = 0
    /// Lines that all ranks printed, those included that never came.
    private var count = 0
    /// For each rank, how many lines of it were seen or are known to be left out.
    private var seen: [Int: Int] = [:]

    /// Lines that are kept, their bytes, and lines of one report.
    static let limit = 2000
    static let byteLimit = 2 << 20
    static let reportLimit = 500

    package init() {}

    /// Takes in what is new. What the rank's node had no room for is replaced by a line that says so.
    package mutating func add(_ output: RankOutput) {
        leaveOut(of: output.rank, before: output.first)
        let expected = seen[output.rank, default: 0]
        for line in output.lines.dropFirst(max(0, expected - output.first)) { append(output.rank, line) }
        seen[output.rank] = max(expected, output.first + output.lines.count)
        makeRoom()
    }

    /// Takes in that a rank which printed so many lines has ended: those that have not come never will.
    mutating func end(_ rank: Int, printed: Int) {
        leaveOut(of: rank, before: printed)
        makeRoom()
    }

    /// The lines from this number on; how many of them are no longer kept, and the number to go on with.
    package func lines(after number: Int) -> (lines: [LaunchReport.Line], missed: Int, next: Int) {
        let start = entries.firstIndex { $0.number >= number } ?? entries.count
        let report = entries[start...].prefix(Self.reportLimit)
        let next = report.endIndex < entries.count ? entries[report.endIndex].number : count
        return (report.map(\.line), max(0, (report.first?.number ?? count) - number), next)
    }

    /// Says of a rank's lines before this one that have not come that they are left out.
    private mutating func leaveOut(of rank: Int, before number: Int) {
        let missing = number - seen[rank, default: 0]
        guard missing > 0 else { return }
        append(rank, LaunchReport.leftOut(missing), standingFor: missing)
        seen[rank] = number
    }

    private mutating func append(_ rank: Int, _ text: String, standingFor lines: Int = 1) {
        entries.append(Entry(number: count, line: LaunchReport.Line(rank: rank, text: text)))
        count += lines
        bytes += text.utf8.count
    }

    private mutating func makeRoom() {
        var surplus = max(0, entries.count - Self.limit)
        bytes -= entries[..<surplus].reduce(0) { $0 + $1.line.text.utf8.count }
        while bytes > Self.byteLimit {
            bytes -= entries[surplus].line.text.utf8.count
            surplus += 1
        }
        entries.removeFirst(surplus)
    }
}
