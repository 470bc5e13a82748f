public import Tensors

/// Turns gradients into new parameters, with the states that this takes.
///
/// It works on any range of the flat buffers, so that a bucket can be updated as soon as its gradient is reduced, and a
/// rank can own a part. Used by one thread at a time for each range.
public final class Optimizer {
    public let specification: OptimizerSpecification
    /// Starts as the specification says; a schedule changes it between steps.
    public var learningRate: Float
    /// One float for each of the flat parameters, named as in PyTorch's `state_dict` of an optimizer.
    public let states: [(name: String, buffer: FloatBuffer)]
    private let beta1: Double
    private let beta2: Double

    /// - Parameter count: length of the flat buffers, padding included.
    public init(_ specification: OptimizerSpecification, count: Int) {
        self.specification = specification
        learningRate = specification.learningRate
        let names: [String] =
            switch specification.name {
            case .sgd: []
            case .momentum: ["momentum_buffer"]
            case .adam, .adamw: ["exp_avg", "exp_avg_sq"]
            }
        states = names.map { ($0, FloatBuffer(count: count)) }
        beta1 = Self.decimal(specification.beta1)
        beta2 = Self.decimal(specification.beta2)
    }

    /// The number that was written down: 0.999, where the float nearest to it is 0.99900001287. 1 - beta would be off
    /// by 1e-5 of itself otherwise.
    private static func decimal(_ value: Float) -> Double {
        Double(value.description) ?? Double(value)
    }

    /// Updates a range of the parameters from the same range of the gradients. Both pointers are to the start of the
    /// flat buffers.
    ///
    /// - Parameter step: from 1; the same for all ranges of one step.
    public func update(
        parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, range: Range<Int>, step: Int
    ) {
        precondition(step > 0, "steps are counted from 1, got \(step)")
        let values = parameters + range.lowerBound
        let slopes = gradients + range.lowerBound
        switch specification.name {
        case .sgd:
            OptimizerKernels.gradientDescent(
                values, slopes, count: range.count, rate: learningRate, weightDecay: specification.weightDecay)
        case .momentum:
            OptimizerKernels.momentum(
                values, slopes, velocity: states[0].buffer.pointer + range.lowerBound, count: range.count,
                rate: learningRate, momentum: specification.momentum, weightDecay: specification.weightDecay,
                isFirstStep: step == 1)
        case .adam, .adamw:
            let figures = OptimizerKernels.AdamFigures(
                rate: learningRate, beta1: beta1, beta2: beta2,
                epsilon: specification.epsilon, weightDecay: specification.weightDecay,
                isDecoupled: specification.name == .adamw, step: step)
            OptimizerKernels.adam(
                values, slopes, firstMoment: states[0].buffer.pointer + range.lowerBound,
                secondMoment: states[1].buffer.pointer + range.lowerBound, count: range.count, figures: figures)
        }
    }
}
