import Checkpoints
public import Foundation
public import NeuralNetworks
import Explanations
import Tensors
import Training

/// A trained model that answers.
public struct Predictor: Sendable {
    private let network: Network
    private let parameters: FloatBuffer

    /// Reads parameters that `TrainingResult.save(to:)` wrote, or PyTorch under the same names.
    ///
    /// - Throws: `ModelError` or `NetworkError` with what is wrong with the model, `StateDictionaryError` when the
    ///   file does not fit it, `SafetensorsError` when it is no such file.
    public init(_ model: some Model, input: [Int], loss: Loss, parameters file: URL) throws {
        network = try Network(model, input: input, task: loss.name.meaning.task)
        parameters = FloatBuffer(count: network.layout.count)
        try SafetensorsFile(contentsOf: file)
            .read(network.layout, of: file.lastPathComponent, into: parameters.pointer)
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
