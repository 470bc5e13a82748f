/// One epoch of a run. What is nil was not measured.
package struct ReportEpoch: Sendable, Equatable {
    package var epoch: Int
    /// Optimizer updates done at its end.
    package var step: Int
    package var trainingLoss: Double
    package var validationLoss: Double?
    package var learningRate: Double?
    package var gradientNorm: Double?
    /// On the validation part, by name.
    package var metrics: [String: Double]
    /// Seconds of the epoch's steps by what they went into, in order of the step; empty if not measured.
    package var time: [TimeShare]

    package init(
        epoch: Int, step: Int, trainingLoss: Double, validationLoss: Double? = nil, learningRate: Double? = nil,
        gradientNorm: Double? = nil, metrics: [String: Double] = [:], time: [TimeShare] = []
    ) {
        self.epoch = epoch
        self.step = step
        self.trainingLoss = trainingLoss
        self.validationLoss = validationLoss
        self.learningRate = learningRate
        self.gradientNorm = gradientNorm
        self.metrics = metrics
        self.time = time
    }
}

/// Seconds spent on something.
package struct TimeShare: Sendable, Equatable {
    package var name: String
    package var seconds: Double

    package init(_ name: String, seconds: Double) {
        self.name = name
        self.seconds = seconds
    }
}
