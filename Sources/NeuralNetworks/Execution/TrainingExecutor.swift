public import Tensors

/// Computes losses and gradients of a network on up to a number of rows at a time, without allocating in a step.
/// Used by one thread at a time.
public final class TrainingExecutor {
    public let network: Network
    public let loss: Loss
    public let maximumRows: Int
    /// Of the newest call, known before its backward pass begins.
    public private(set) var lossSum = LossSum()
    /// When the newest call had its loss and began the backward pass.
    public private(set) var backwardStart = ContinuousClock.now
    let executor: GraphExecutor
    let function: LossFunction

    public init(network: Network, loss: Loss, maximumRows: Int, precision: Precision = .f32) {
        self.network = network
        self.loss = loss
        self.maximumRows = maximumRows
        function = LossFunction(loss, columns: network.specification.outputs)
        executor = GraphExecutor(network.graph, maximumRows: maximumRows, purpose: .training, precision: precision)
    }

    /// Bytes that the executor keeps for values, gradients of values and scratch space.
    public var memoryBytes: Int { executor.memoryBytes }

    /// The sum of the losses of the rows, and its gradient.
    ///
    /// - Parameters:
    ///   - inputs: rows x `network.inputCount`.
    ///   - targets: rows x `network.outputPositions` x `loss.targetCount(outputs: specification.outputs)`.
    ///   - parameters: flat, as `network.layout` says.
    ///   - gradients: flat; gets the gradient of scale x the sum of the losses, and zeroes in the padding.
    ///   - scale: 1 / weight of the global batch makes the gradient that of the mean loss.
    ///   - finished: called during the backward pass with ranges of `gradients` that are final: from the end of the
    ///     buffer to its start, without gaps.
    /// - Returns: the sum, not scaled; NaN if a label is none of the classes.
    public func gradient(
        inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>,
        gradients: UnsafeMutablePointer<Float>, scale: Float, randomness: StepRandomness,
        finished: (Range<Int>) -> Void = { _ in }
    ) -> LossSum {
        let outputs = executor.forward(inputs: inputs, rows: rows, parameters: parameters, randomness: randomness)
        lossSum = function.sum(
            outputs: outputs, targets: targets, rows: rows * network.outputPositions,
            gradient: executor.outputGradient, scale: scale)
        backwardStart = .now
        executor.backward(parameters: parameters, gradients: gradients, finished: finished)
        return lossSum
    }

    /// The sum of the losses of the rows in evaluation mode.
    ///
    /// - Parameter outputs: gets the logits or predictions: rows x `network.outputCount`.
    public func evaluate(
        inputs: UnsafePointer<Float>, targets: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>,
        outputs: UnsafeMutablePointer<Float>
    ) -> LossSum {
        executor.forward(inputs: inputs, rows: rows, parameters: parameters, randomness: nil, outputs: outputs)
        return function.sum(outputs: outputs, targets: targets, rows: rows * network.outputPositions)
    }
}
