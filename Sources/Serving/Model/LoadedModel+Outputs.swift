import Datasets
import Messaging
import NeuralNetworks
import Wire

extension LoadedModel {
    /// One output of some rows from what the network gave for them, rows x `outputCount`.
    func output(
        _ name: String, logits: UnsafePointer<Float>, rows: Int
    ) throws(Failure) -> (TensorDescription, Frame) {
        let count = rows * outputCount
        let columns = outputCount / positions
        // A row has one result, or one at each of its positions.
        let shape = [rows] + resultShape
        guard let output = ServedOutput(rawValue: name), meaning.served.contains(output) else {
            throw Failure(
                .invalidArgument,
                "model \(key) has no output '\(name)': expected \(outputNames.joined(separator: ", "))")
        }
        switch output {
        case .logits:
            let frame = Frame(copying: UnsafeRawBufferPointer(UnsafeBufferPointer(start: logits, count: count)))
            return (TensorDescription(name: name, datatype: .fp32, shape: shape + [columns]), frame)
        case .prediction, .probability, .probabilities:
            let frame = Frame(count: count * MemoryLayout<Float>.stride) { bytes in
                let values = bytes.bindMemory(to: Float.self).baseAddress!
                meaning.read(logits, rows: rows * positions, columns: columns, into: values)
            }
            return (TensorDescription(name: name, datatype: .fp32, shape: shape + [columns]), frame)
        case .label:
            var content: [UInt8] = []
            for row in 0..<rows * positions {
                content += labels[meaning.chosenClass(logits + row * columns, columns: columns)]
            }
            return (TensorDescription(name: name, datatype: .bytes, shape: shape), Frame(copying: content))
        case .text: preconditionFailure("the outputs of one run of the network are no text")
        }
    }
}
