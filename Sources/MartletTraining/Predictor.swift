import Checkpoints
public import Foundation
public import NeuralNetworks
import Tensors

/// A trained model that answers.
public struct Predictor: Sendable {
    private let network: Network
    private let parameters: FloatBuffer

    /// Reads parameters that `TrainingResult.save(to:)` wrote, or PyTorch under the same names.
    ///
    /// - Throws: `ModelError` or `NetworkError` with what is wrong with the model, `SafetensorsError` when the
    ///   file does not fit it.
    public init(_ model: some Model, input: [Int], loss: Loss, parameters file: URL) throws {
        network = try Network(model, input: input, task: loss.name.meaning.task)
        parameters = FloatBuffer(count: network.layout.count)
        let tensors = try SafetensorsFile(contentsOf: file)
        for entry in network.layout.entries {
            let start = UnsafeMutableRawPointer(parameters.pointer + entry.offset)
            try tensors.read(
                entry.name, into: UnsafeMutableRawBufferPointer(start: start, count: 4 * entry.count))
        }
    }

    init(network: Network, parameters: FloatBuffer) {
        self.network = network
        self.parameters = parameters
    }

    /// What the model makes of some rows: its outputs for each, without any function behind them.
    public func predict(_ rows: [[Float]]) throws -> [[Float]] {
        if let row = rows.firstIndex(where: { $0.count != network.inputCount }) {
            throw TrainerError.data(
                "row \(row) has \(rows[row].count) features, but the model's input has \(network.inputCount)")
        }
        guard !rows.isEmpty else { return [] }
        let inputs = FloatBuffer(count: rows.count * network.inputCount)
        for (row, values) in rows.enumerated() {
            (inputs.pointer + row * network.inputCount).update(from: values, count: values.count)
        }
        let outputs = FloatBuffer(count: rows.count * network.outputCount)
        InferenceExecutor(network: network, maximumRows: rows.count).run(
            inputs: inputs.pointer, rows: rows.count, parameters: parameters.pointer, outputs: outputs.pointer)
        return rows.indices.map { row in
            Array(
                UnsafeBufferPointer(
                    start: outputs.pointer + row * network.outputCount, count: network.outputCount))
        }
    }
}
