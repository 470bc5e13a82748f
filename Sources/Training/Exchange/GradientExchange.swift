import NeuralNetworks

/// What is to be done with the gradient of a batch, once its statistics are known.
struct UpdateOrder {
    var step: Optimizer.Step
    /// Whether parameters are updated as soon as their gradient is there, or only when `apply` says so.
    var isAtOnce: Bool
}

/// Turns the gradients of the slices of all workers into one gradient, in the order of the slice tree, and this into
/// new parameters.
protocol GradientExchange: AnyObject {
    /// Computes, adds up and measures; and updates, where `order` says that it is to be done at once.
    /// - Parameter order: called once.
    func run(_ step: StepUnderWay, _ order: (StepStatistics) -> UpdateOrder) throws

    /// Updates all parameters from the gradient of the last step.
    func apply(_ step: Optimizer.Step) throws

    /// The Euclidean norm of the gradient as it came.
    var norm: Double { get }

    /// Spent so far on waiting for other ranks, and on updates.
    var spent: ExchangeTimes { get }
}

struct ExchangeTimes {
    var communication: Duration = .zero
    var update: Duration = .zero

    static func - (left: ExchangeTimes, right: ExchangeTimes) -> ExchangeTimes {
        ExchangeTimes(communication: left.communication - right.communication, update: left.update - right.update)
    }
}
