import Spelling

/// The newest lines that the ranks of a launch printed, in the order in which they came.
package struct LaunchOutput: Sendable, Equatable {
    private var lines: [LaunchReport.Line] = []
    /// Of all lines that are kept.
    private var bytes = 0
    /// Number of the first line that is kept, counted over all ranks.
    private var first = 0
    /// For each rank, how many lines of it were seen.
    private var seen: [Int: Int] = [:]

    /// Lines that are kept, their bytes, and lines of one report.
    static let limit = 2000
    static let byteLimit = 2 << 20
    static let reportLimit = 500

    package init() {}

    /// Takes in what is new. What the rank's node had no room for is replaced by a line that says so.
    package mutating func add(_ output: RankOutput) {
        let expected = seen[output.rank, default: 0]
        if output.first > expected {
            append(
                output.rank,
                "(\(counted(output.first - expected, "line")) left out; the worker's log of this rank has them, as far as "
                    + "there was room)")
        }
        for line in output.lines.dropFirst(max(0, expected - output.first)) { append(output.rank, line) }
        seen[output.rank] = max(expected, output.first + output.lines.count)
        var surplus = max(0, lines.count - Self.limit)
        bytes -= lines[..<surplus].reduce(0) { $0 + $1.text.utf8.count }
        while bytes > Self.byteLimit {
            bytes -= lines[surplus].text.utf8.count
            surplus += 1
        }
        first += surplus
        lines.removeFirst(surplus)
    }

    /// The lines from this number on; how many of them are no longer kept, and the number to go on with.
    package func lines(after number: Int) -> (lines: [LaunchReport.Line], missed: Int, next: Int) {
        let start = min(max(number, first), first + lines.count)
        let report = lines[(start - first)...].prefix(Self.reportLimit)
        return (Array(report), max(0, start - number), start + report.count)
    }

    private mutating func append(_ rank: Int, _ text: String) {
        lines.append(LaunchReport.Line(rank: rank, text: text))
        bytes += text.utf8.count
    }
}
