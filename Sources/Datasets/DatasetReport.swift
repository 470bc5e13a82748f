internal import Explanations

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

        public init(line: Int? = nil, column: String? = nil, key: [String] = [], message: String) {
            self.line = line
            self.column = column
            self.key = key
            self.message = message
        }

        /// On one line, whatever the columns are called.
        public var description: String {
            let place = [line.map { "line \($0)" }, column.map { "column '\($0)'" }].compactMap(\.self)
            return (place.isEmpty ? message : "\(place.joined(separator: ", ")): \(message)").onOneLine
        }
    }

    /// Problems beyond this number are counted, not listed.
    public static let maximumProblems = 100

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
        if total > problems.count { lines.append("  and \(total - problems.count) more") }
        return lines.map(\.onOneLine)
    }
}

/// Collects problems in bounded memory.
struct ProblemList {
    private(set) var problems: [DatasetReport.Problem] = []
    private(set) var total = 0

    var isEmpty: Bool { total == 0 }

    mutating func add(
        line: Int? = nil, column: String? = nil, key: [String] = [], _ message: @autoclosure () -> String
    ) {
        total += 1
        guard problems.count < DatasetReport.maximumProblems else { return }
        problems.append(DatasetReport.Problem(line: line, column: column, key: key, message: message()))
    }

    /// Adds what another list holds, and what it only counted.
    mutating func add(_ other: ProblemList) {
        problems += other.problems
        total += other.total
    }

    func report(file: String) -> DatasetReport {
        let ordered = problems.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }
        return DatasetReport(
            file: file, problems: ordered.prefix(DatasetReport.maximumProblems).map(\.element), total: total)
    }
}
