import Messaging
import Wire

/// The outputs of one request as its rows are done: of each output the pieces so far, in the order of the rows.
///
/// Outputs are kept and no logits: labels of a large vocabulary are a few bytes where its logits are a hundred thousand.
struct PendingOutputs {
    private struct Output {
        var description: TensorDescription?
        /// Most have no other.
        var first: Frame?
        var others: [Frame] = []
        var bytes = 0
    }

    /// The outputs that were asked for.
    let names: [String]
    private let outputBytes: Int
    private let answerBytes: Int
    private var outputs: [Output]

    /// - Parameters:
    ///   - outputBytes: that one output may have.
    ///   - answerBytes: that all of them may have together.
    init(names: [String], outputBytes: Int = .max, answerBytes: Int = .max) {
        self.names = names
        self.outputBytes = outputBytes
        self.answerBytes = answerBytes
        outputs = Array(repeating: Output(), count: names.count)
    }

    /// Throws where outputs of `size` bytes each are more than an answer may have, before any of them is computed.
    func check(size: (_ name: String) -> Int) throws(Failure) {
        var total = 0
        for name in names { try count(size(name), of: name, into: &total) }
    }

    /// Adds some rows of one output.
    mutating func add(_ description: TensorDescription, _ frame: Frame, at index: Int) throws(Failure) {
        outputs[index].bytes += frame.count
        var total = 0
        for (name, output) in zip(names, outputs) { try count(output.bytes, of: name, into: &total) }
        outputs[index].description = description
        if outputs[index].first == nil { outputs[index].first = frame } else { outputs[index].others.append(frame) }
    }

    /// All of it, once every row is done.
    func whole(rows: Int) -> (descriptions: [TensorDescription], frames: [Frame]) {
        let whole = outputs.map { output in
            guard var description = output.description else {
                preconditionFailure("an output of which no row was done")
            }
            description.shape[0] = rows
            return description
        }
        return (whole, outputs.map(Self.joined))
    }

    private func count(_ bytes: Int, of name: String, into total: inout Int) throws(Failure) {
        guard bytes <= outputBytes else { throw tooLarge("output '\(name)'", outputBytes) }
        let (sum, overflow) = total.addingReportingOverflow(bytes)
        guard !overflow, sum <= answerBytes else { throw tooLarge("the answer", answerBytes) }
        total = sum
    }

    private static func joined(_ output: Output) -> Frame {
        guard let first = output.first else { preconditionFailure("an output of which no row was done") }
        guard !output.others.isEmpty else { return first }
        return Frame(count: output.bytes) { target in
            var offset = 0
            for piece in [first] + output.others {
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
