import ClusterProtocol
import Checkpoints

extension Golden {
    /// Rows that prove a node.
    private static let mostRows = 64
    /// Numbers of all of them: twice as many as the widest row has that a job may be of.
    private static let mostNumbers = 1 << 22

    func check() throws(DocumentProblem) {
        try Check.count(rows, "golden.rows", in: 0...Self.mostRows)
        try Check.length(input.count, "golden.input", atMost: Self.mostNumbers)
        try Check.length(output.count, "golden.output", atMost: Self.mostNumbers)
        try Check.count(interval ?? 1, "golden.interval", in: 1...Check.largestCount)
        guard rows == 0 ? input.isEmpty : input.count.isMultiple(of: rows) else {
            throw DocumentProblem(
                field: "golden.input", expected: "numbers of \(rows) rows of one length", got: "\(input.count) numbers")
        }
        guard rows == 0 || interval != nil || output.count.isMultiple(of: rows) else {
            throw DocumentProblem(
                field: "golden.output", expected: "numbers of \(rows) rows of one length",
                got: "\(output.count) numbers")
        }
    }
}
