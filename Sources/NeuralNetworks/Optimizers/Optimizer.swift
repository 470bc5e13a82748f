public import Tensors

/// Turns gradients into new parameters, with the states that this takes.
///
/// It works on any range of the flat buffers, so that a bucket can be updated as soon as its gradient is reduced, and a
/// rank can own a part. Used by one thread at a time for each range.
public final class Optimizer {
    /// How one step differs from others.
    public struct Step: Sendable {
        /// From 1; the same for all ranges of one step.
        public var number: Int
        public var learningRate: Double
        /// What every gradient is multiplied with first: 1 / weight of the batch, where it is a sum.
        public var gradientScale: Float
        /// Then every gradient is cut to at most this, both ways.
        public var gradientBound: Float

        public init(
            number: Int, learningRate: Double, gradientScale: Float = 1, gradientBound: Float = .infinity
        ) {
            self.number = number
            self.learningRate = learningRate
            self.gradientScale = gradientScale
            self.gradientBound = gradientBound
        }
    }

    public let specification: OptimizerSpecification
    /// One float for each of the flat parameters, named as in PyTorch's `state_dict` of an optimizer.
    public let states: [(name: String, buffer: FloatBuffer)]
    private let decays: DecayPlan

    /// - Parameter states: those to go on with, as `states` names them; nil: zeroes.
    public init(
        _ specification: OptimizerSpecification, layout: ParameterLayout,
        states: [(name: String, buffer: FloatBuffer)]? = nil
    ) {
        self.specification = specification
        self.states = states ?? Self.stateNames(of: specification).map { ($0, FloatBuffer(count: layout.count)) }
        precondition(self.states.map(\.name) == Self.stateNames(of: specification), "the states of another optimizer")
        decays = DecayPlan(layout, decays: specification.decays)
    }

    /// What an optimizer keeps for each parameter, in order.
    public static func stateNames(of specification: OptimizerSpecification) -> [String] {
        switch specification.name {
        case .gradientDescent, .sgd: []
        case .momentum, .nesterov: ["momentum_buffer"]
        case .rmsprop: specification.momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"]
        case .adagrad: ["sum"]
        case .adam, .adamw: ["exp_avg", "exp_avg_sq"]
        }
    }

    /// Updates a range of the parameters from the same range of the gradients. Both pointers are to the start of the
    /// flat buffers.
    public func update(
        parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>, range: Range<Int>, step: Step
    ) {
        precondition(step.number > 0, "steps are counted from 1, got \(step.number)")
        decays.forEachPart(of: range) { part, decays in
            let decay = decays ? specification.weightDecay : 0
            let figures = OptimizerKernels.Step(
                rate: step.learningRate, gradientScale: step.gradientScale, gradientBound: step.gradientBound,
                weightDecay: specification.isDecoupled ? 0 : decay,
                decoupledDecay: specification.isDecoupled ? decay : 0)
            update(parameters + part.lowerBound, gradients + part.lowerBound, part, step, figures)
        }
    }

    private func update(
        _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>, _ range: Range<Int>, _ step: Step,
        _ figures: OptimizerKernels.Step
    ) {
        switch specification.name {
        case .gradientDescent, .sgd:
            OptimizerKernels.gradientDescent(parameters, gradients, count: range.count, step: figures)
        case .momentum, .nesterov:
            OptimizerKernels.momentum(
                parameters, gradients, velocity: state(0, range), count: range.count, step: figures,
                momentum: specification.momentum, isNesterov: specification.name == .nesterov,
                isFirstStep: step.number == 1)
        case .rmsprop:
            OptimizerKernels.rmsprop(
                parameters, gradients, squares: state(0, range), velocity: states.count > 1 ? state(1, range) : nil,
                count: range.count, step: figures, alpha: specification.alpha, epsilon: specification.epsilon,
                momentum: specification.momentum)
        case .adagrad:
            OptimizerKernels.adagrad(
                parameters, gradients, squares: state(0, range), count: range.count, step: figures,
                epsilon: specification.epsilon)
        case .adam, .adamw:
            OptimizerKernels.adam(
                parameters, gradients, firstMoment: state(0, range), secondMoment: state(1, range),
                count: range.count, step: figures,
                figures: OptimizerKernels.AdamFigures(
                    rate: step.learningRate, beta1: specification.beta1, beta2: specification.beta2,
                    epsilon: specification.epsilon, number: step.number))
        }
    }

    private func state(_ index: Int, _ range: Range<Int>) -> UnsafeMutablePointer<Float> {
        states[index].buffer.pointer + range.lowerBound
    }
}
