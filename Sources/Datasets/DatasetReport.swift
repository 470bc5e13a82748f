import Explanations

/// Everything that is wrong with a data file, found before anything is scheduled.
public struct DatasetReport: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Line of the file, from 1, the header included; nil for a problem of the file or a whole column.
        public var line: Int?
        public var column: String?
        /// Of the job file, such as `["data", "types", "age"]`: where the job says what does not fit, or where it would say
        /// what mends it; empty where it is all about the data.
        public var key: [String]
        public var message: String
        /// Further ones of its kind, which are not listed, and the line of the last.
        public var alike: Int
        public var lastLine: Int?

        public init(
            line: Int? = nil, column: String? = nil, key: [String] = [], message: String, alike: Int = 0,
            lastLine: Int? = nil
        ) {
            self.line = line
            self.column = column
            self.key = key
            self.message = message
            self.alike = alike
            self.lastLine = lastLine
        }

        /// On one line, whatever the columns are called.
        public var description: String {
            let place = [line.map { "line \($0)" }, column.map { "column '\($0.shortened(toBytes: 100))'" }].compactMap(
                \.self)
            let further = alike == 0 ? "" : " (and \(alike) more like it\(lastLine.map { ", up to line \($0)" } ?? ""))"
            let text = place.isEmpty ? message : "\(place.joined(separator: ", ")): \(message)"
            return text.escapingControls() + further
        }
    }

    /// Problems beyond this number are counted, not listed.
    public static let maximumProblems = 100
    /// Of more problems of one kind in one column only the first is listed, with their number.
    public static let maximumAlike = 10

    public let file: String
    /// In order of the lines, those of the whole file first; at most `maximumProblems`.
    public let problems: [Problem]
    /// How many there are in all.
    public let total: Int

    public init(file: String, problems: [Problem], total: Int) {
        self.file = file
        self.problems = problems
        self.total = total
    }

    public var description: String { lines { "  \($0.joined(separator: "."))" }.joined(separator: "\n") }

    /// A heading, then a line for each problem.
    ///
    /// - Parameter prefix: what a line about this key of the job file begins with.
    public func lines(prefix: ([String]) -> String) -> [String] {
        let count = total == 1 ? "1 problem" : "\(total) problems"
        var lines = ["\(count) in \(file):"]
        lines += problems.map { problem in
            problem.key.isEmpty ? "  \(problem)" : "\(prefix(problem.key)): \(problem)"
        }
        let told = problems.reduce(0) { $0 + 1 + $1.alike }
        if total > told { lines.append("  and \(total - told) more") }
        return lines.map { $0.escapingControls() }
    }
}

/// Collects problems in bounded memory.
struct ProblemList {
    /// What a place in the code finds wrong with a column, however often.
    private struct Kind: Hashable {
        var file: String
        var codeLine: UInt
        var column: String?
    }

    private struct Alike {
        /// The first ones, with their place among all problems.
        var problems: [(place: Int, problem: DatasetReport.Problem)] = []
        var count = 0
        var lastLine: Int?

        mutating func add(_ number: Int, lastLine line: Int?) {
            count += number
            lastLine = line.map { max($0, lastLine ?? $0) } ?? lastLine
        }
    }

    private var kinds: [Kind: Alike] = [:]
    private(set) var total = 0

    var isEmpty: Bool { total == 0 }

    mutating func add(
        line: Int? = nil, column: String? = nil, key: [String] = [], _ message: @autoclosure () -> String,
        file: String = #fileID, codeLine: UInt = #line
    ) {
        total += 1
        let kind = Kind(file: file, codeLine: codeLine, column: column)
        guard kinds.count < DatasetReport.maximumProblems || kinds[kind] != nil else { return }
        let place = total
        kinds[kind, default: Alike()].add(1, lastLine: line)
        guard kinds[kind]!.problems.count < DatasetReport.maximumAlike else { return }
        kinds[kind]!.problems.append((place, .init(line: line, column: column, key: key, message: message())))
    }

    /// Adds what another list holds, and what it only counted.
    mutating func add(_ other: ProblemList) {
        for (kind, alike) in other.kinds {
            guard kinds.count < DatasetReport.maximumProblems || kinds[kind] != nil else { continue }
            let before = kinds[kind]?.problems.count ?? 0
            kinds[kind, default: Alike()].add(alike.count, lastLine: alike.lastLine)
            kinds[kind]!.problems += alike.problems.prefix(DatasetReport.maximumAlike - before).map {
                (total + $0.place, $0.problem)
            }
        }
        total += other.total
    }

    /// The same of another file than that by which the report is headed: each says which, and names this key unless it
    /// names one. Nil: it is that file.
    func located(in file: String?, key: [String]) -> ProblemList {
        guard let file else { return self }
        var all = self
        for (kind, alike) in kinds {
            var alike = alike
            for index in alike.problems.indices {
                alike.problems[index].problem.message = "\(file): \(alike.problems[index].problem.message)"
                if alike.problems[index].problem.key.isEmpty { alike.problems[index].problem.key = key }
            }
            all.kinds[kind] = alike
        }
        return all
    }

    /// In the order in which they were found; of a kind that is there too often the first.
    var problems: [DatasetReport.Problem] {
        let found = kinds.values.flatMap { alike -> [(place: Int, problem: DatasetReport.Problem)] in
            guard alike.count > DatasetReport.maximumAlike, var first = alike.problems.first else {
                return alike.problems
            }
            first.problem.alike = alike.count - 1
            first.problem.lastLine = alike.lastLine
            return [first]
        }
        return found.sorted { $0.place < $1.place }.map(\.problem)
    }

    func report(file: String) -> DatasetReport {
        let ordered = problems.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }
        return DatasetReport(
            file: file, problems: ordered.prefix(DatasetReport.maximumProblems).map(\.element), total: total)
    }
}
