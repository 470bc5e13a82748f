import NeuralNetworks
import Tensors

/// A network with its parameters, gradients and a batch, for tests.
final class Workbench {
    let network: Network
    let loss: Loss
    let rows: Int
    let executor: TrainingExecutor
    let parameters: FloatBuffer
    let gradients: FloatBuffer
    let inputs: FloatBuffer
    let targets: FloatBuffer

    init(
        _ specification: ModelSpecification, freezing: [String] = [], rows: Int, seed: UInt64 = 1
    ) throws {
        var specification = specification
        specification.freeze = freezing
        network = try Network(specification)
        loss = Loss(for: specification.task)
        self.rows = rows
        executor = TrainingExecutor(network: network, loss: loss, maximumRows: rows)
        parameters = FloatBuffer(count: network.layout.count)
        gradients = FloatBuffer(count: network.layout.count)
        inputs = FloatBuffer(count: rows * network.inputCount)
        targets = FloatBuffer(count: rows * loss.targetCount(outputs: network.outputCount))
        network.initialize(parameters.pointer, seed: seed)
        RandomStream(seed: seed, stream: 1000).fill(inputs.pointer, count: inputs.count, low: -1, high: 1)
        RandomStream(seed: seed, stream: 1001).fill(targets.pointer, count: targets.count, low: 0, high: 1)
        guard specification.task != .regression else { return }
        let classes = Float(max(2, network.outputCount))
        for index in 0..<targets.count { targets.pointer[index] = (targets.pointer[index] * classes).rounded(.down) }
    }

    /// Sum of the losses of the rows `range` and the gradient of scale times it.
    @discardableResult
    func gradient(
        rows range: Range<Int>? = nil, scale: Float = 1, step: Int = 1, into gradients: FloatBuffer? = nil,
        finished: (Range<Int>) -> Void = { _ in }
    ) -> LossSum {
        let range = range ?? 0..<rows
        return executor.gradient(
            inputs: inputs.pointer + range.lowerBound * network.inputCount,
            targets: targets.pointer + range.lowerBound * loss.targetCount(outputs: network.outputCount),
            rows: range.count, parameters: parameters.pointer, gradients: (gradients ?? self.gradients).pointer,
            scale: scale, randomness: StepRandomness(seed: 5, step: step, firstRow: range.lowerBound),
            finished: finished)
    }
}

extension ModelSpecification {
    static func mlp(_ widths: [Int], inputs: Int, outputs: Int, task: Task = .classification) -> ModelSpecification {
        ModelSpecification(
            family: .mlp, task: task, input: [inputs], outputs: outputs,
            layers: widths.flatMap { [.linear(outputs: $0, bias: true), .relu] })
    }

    /// Convolution, pooling, convolution, flatten and a hidden layer on images of 1 x 8 x 8.
    static let smallImages = ModelSpecification(
        family: .cnn, task: .classification, input: [1, 8, 8], outputs: 4,
        layers: [
            .conv2d(channels: 3, kernel: 3, stride: 1, padding: 1, bias: true), .relu, .maxPool2d(size: 2, stride: 2),
            .conv2d(channels: 5, kernel: 3, stride: 2, padding: 0, bias: false), .tanh, .flatten,
            .dropout(probability: 0.25), .linear(outputs: 7, bias: true), .sigmoid,
        ])
}
