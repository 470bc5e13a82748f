import NeuralNetworks

/// A learning rate that the optimizer is hardly ever used with.
///
/// Adam and its like move every parameter by about the rate in each step, whatever the gradient is, so theirs is small;
/// plain descent multiplies the gradient.
enum LearningRateOutOfRange: JobRule {
    static let name = "learning-rate"

    static func findings(in job: JobUnderReview) -> [JobFinding] {
        let optimizer = job.specification.train.optimizer
        let usual = usual(optimizer.name.rawValue)
        let rate = Double(optimizer.learningRate)
        // The parameters of a regression are in the units of its target: a large rate may be what they need.
        let isInUnits = job.specification.model.task == .regression && rate > usual.upperBound
        guard !usual.contains(rate), !isInUnits else { return [] }
        let direction = rate > usual.upperBound ? "large" : "small"
        return [
            JobFinding(
                path: "train.optimizer.learning_rate",
                message: "\(optimizer.learningRate) is unusually \(direction) for \(optimizer.name.rawValue): "
                    + "from \(usual.lowerBound) to \(usual.upperBound) is usual")
        ]
    }

    private static func usual(_ optimizer: String) -> ClosedRange<Double> {
        switch optimizer {
        case "adam", "adamw", "rmsprop": 1e-6...0.05
        case "adagrad": 1e-5...1
        default: 1e-6...5
        }
    }
}
