import Datasets
import Messaging
import NeuralNetworks
import Wire

extension LoadedModel {
    /// One output of some rows from their logits, rows x `outputCount`.
    func output(
        _ name: String, logits: UnsafePointer<Float>, rows: Int
    ) throws(Failure) -> (TensorDescription, Frame) {
        let count = rows * outputCount
        let columns = outputCount / positions
        // A row has one result, or one at each of its positions.
        let shape = isPositional ? [rows, positions] : [rows]
        switch (name, task) {
        case ("logits", .binary), ("logits", .classification), ("prediction", .regression):
            let frame = Frame(copying: UnsafeRawBufferPointer(UnsafeBufferPointer(start: logits, count: count)))
            return (TensorDescription(name: name, datatype: .fp32, shape: shape + [columns]), frame)
        case ("probability", .binary), ("probabilities", .classification):
            let frame = Frame(count: count * MemoryLayout<Float>.stride) { bytes in
                let values = bytes.bindMemory(to: Float.self).baseAddress!
                task.probabilities(logits: logits, rows: rows * positions, columns: columns, into: values)
            }
            return (TensorDescription(name: name, datatype: .fp32, shape: shape + [columns]), frame)
        case ("label", .binary), ("label", .classification):
            var content: [UInt8] = []
            for row in 0..<rows * positions { content += labels[label(of: logits + row * columns, columns)] }
            return (TensorDescription(name: name, datatype: .bytes, shape: shape), Frame(copying: content))
        default:
            throw Failure(
                .invalidArgument,
                "model \(key) has no output '\(name)': expected \(outputNames.joined(separator: ", "))")
        }
    }

    /// What is learned has a place for each token.
    private var isPositional: Bool { preprocessing.target.kind == .tokens }

    /// The class of one result: the largest logit, or whether the only one is positive.
    private func label(of logits: UnsafePointer<Float>, _ columns: Int) -> Int {
        guard task == .classification else { return logits[0] >= 0 ? 1 : 0 }
        var best = 0
        for index in 1..<columns where logits[index] > logits[best] { best = index }
        return best
    }
}
