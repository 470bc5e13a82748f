import Messaging
import Wire

/// The outputs of one request as its rows are done: of each output the pieces so far, in the order of the rows.
///
/// Outputs are kept and no logits: labels of a large vocabulary are a few bytes where its logits are a hundred thousand.
struct PendingOutputs {
    /// The outputs that were asked for.
    let names: [String]
    private let outputBytes: Int
    private let answerBytes: Int
    private var pieces: [[Frame]]
    private var descriptions: [TensorDescription?]
    private var bytes: [Int]

    /// - Parameters:
    ///   - outputBytes: that one output may have.
    ///   - answerBytes: that all of them may have together.
    init(names: [String], outputBytes: Int = .max, answerBytes: Int = .max) {
        self.names = names
        self.outputBytes = outputBytes
        self.answerBytes = answerBytes
        pieces = Array(repeating: [], count: names.count)
        descriptions = Array(repeating: nil, count: names.count)
        bytes = Array(repeating: 0, count: names.count)
    }

    /// Throws where outputs of these sizes are more than an answer may have, before any of them is computed.
    func check(_ sizes: [Int]) throws(Failure) {
        for (name, size) in zip(names, sizes) where size > outputBytes {
            throw tooLarge("output '\(name)'", outputBytes)
        }
        let total = sizes.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
        guard total <= answerBytes else { throw tooLarge("the answer", answerBytes) }
    }

    /// Adds some rows of one output.
    mutating func add(_ description: TensorDescription, _ frame: Frame, at index: Int) throws(Failure) {
        bytes[index] += frame.count
        try check(bytes)
        descriptions[index] = description
        pieces[index].append(frame)
    }

    /// All of it, once every row is done.
    func whole(rows: Int) -> (descriptions: [TensorDescription], frames: [Frame]) {
        let whole = descriptions.map { description in
            guard var description else { preconditionFailure("an output of which no row was done") }
            description.shape[0] = rows
            return description
        }
        return (whole, zip(pieces, bytes).map(Self.joined))
    }

    private static func joined(_ pieces: [Frame], bytes: Int) -> Frame {
        guard pieces.count > 1 else { return pieces[0] }
        return Frame(count: bytes) { target in
            var offset = 0
            for piece in pieces {
                piece.withUnsafeBytes {
                    UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: $0)
                }
                offset += piece.count
            }
        }
    }

    private func tooLarge(_ what: String, _ limit: Int) -> Failure {
        Failure(
            .invalidArgument,
            """
            \(what) would be more than the \(limit) bytes that it may have; send fewer rows at a time, or ask only for \
            the outputs that you need
            """)
    }
}
