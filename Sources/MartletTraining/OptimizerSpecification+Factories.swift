public import NeuralNetworks

/// The optimizers by name. Settings that are not given here are variables of the result.
///
/// ```swift
/// let trainer = try Trainer(
///     model, input: [2], data: data, loss: .meanSquaredError,
///     optimizer: .momentum(learningRate: 0.1, weightDecay: 1e-4), batchSize: 32, epochs: 5)
/// print(trainer.parameterCount)
/// ```
extension OptimizerSpecification {
    /// Plain stochastic gradient descent.
    public static func sgd(learningRate: Double, weightDecay: Double = 0) -> OptimizerSpecification {
        OptimizerSpecification(name: .sgd, learningRate: learningRate, weightDecay: weightDecay)
    }

    /// Gradient descent with momentum, in PyTorch's form.
    public static func momentum(
        learningRate: Double, momentum: Double = 0.9, weightDecay: Double = 0
    ) -> OptimizerSpecification {
        OptimizerSpecification(
            name: .momentum, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
    }

    /// Adam (Kingma and Ba, 2015).
    public static func adam(learningRate: Double = 1e-3, weightDecay: Double = 0) -> OptimizerSpecification {
        OptimizerSpecification(name: .adam, learningRate: learningRate, weightDecay: weightDecay)
    }

    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
    public static func adamW(learningRate: Double = 1e-3, weightDecay: Double = 0.01) -> OptimizerSpecification {
        OptimizerSpecification(name: .adamw, learningRate: learningRate, weightDecay: weightDecay)
    }
}
