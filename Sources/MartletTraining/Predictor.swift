import Checkpoints
public import Foundation
public import NeuralNetworks
import Explanations
import Tensors

/// A trained model that answers.
///
/// ```swift
/// let predictor = try Predictor(model, input: [2], loss: .meanSquaredError, parameters: file)
/// for outputs in try predictor.predict([[0.25, 1], [0.5, 2]]) { print(outputs[0]) }
/// ```
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
                "row \(row + 1) has \(counted(rows[row].count, "feature")), but the model's input has \(network.inputCount)"
            )
        }
        guard !rows.isEmpty else { return [] }
        // However many rows there are, the network's memory is that of one batch.
        let executor = InferenceExecutor(network: network, maximumRows: min(rows.count, Self.rowsAtOnce))
        let inputs = FloatBuffer(count: executor.maximumRows * network.inputCount)
        var predictions: [[Float]] = []
        predictions.reserveCapacity(rows.count)
        for first in stride(from: 0, to: rows.count, by: executor.maximumRows) {
            let batch = rows[first..<min(first + executor.maximumRows, rows.count)]
            for (row, values) in batch.enumerated() {
                (inputs.pointer + row * network.inputCount).update(from: values, count: values.count)
            }
            let outputs = executor.run(
                inputs: UnsafePointer(inputs.pointer), rows: batch.count,
                parameters: UnsafePointer(parameters.pointer))
            for row in 0..<batch.count {
                predictions.append(
                    Array(UnsafeBufferPointer(start: outputs + row * network.outputCount, count: network.outputCount)))
            }
        }
        return predictions
    }

    private static let rowsAtOnce = 64
}
