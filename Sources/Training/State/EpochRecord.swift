/// One point of the curves of a run.
public struct EpochRecord: Codable, Sendable, Equatable {
    /// Counted from 1.
    public var epoch: Int
    public var step: Int
    /// Mean over all training rows of the epoch, each measured before its step's update.
    public var trainingLoss: Double
    /// Nil where the split has no validation part.
    public var validationLoss: Double?
    /// Wall-clock time of the epoch's steps, on the slowest worker.
    public var seconds: Double
    /// Of this epoch's steps and all before it; nil in records of an earlier version.
    public var elapsed: Double?
    /// Of the epoch's last step.
    public var learningRate: Double?
    /// Of the whole batch's gradient before it is clipped, mean over the steps.
    public var gradientNorm: Double?
    /// On the validation part, by name; nil where there is none.
    public var metrics: [String: Double]?
    /// Updates that the spike guard passed over in this epoch; nil: there is no guard.
    public var skipped: Int?
    /// Mean over the workers.
    public var times: StepTimes?

    public init(
        epoch: Int, step: Int, trainingLoss: Double, validationLoss: Double? = nil, seconds: Double = 0,
        elapsed: Double? = nil, learningRate: Double? = nil, gradientNorm: Double? = nil,
        metrics: [String: Double]? = nil,
        skipped: Int? = nil, times: StepTimes? = nil
    ) {
        self.epoch = epoch
        self.step = step
        self.trainingLoss = trainingLoss
        self.validationLoss = validationLoss
        self.seconds = seconds
        self.elapsed = elapsed
        self.learningRate = learningRate
        self.gradientNorm = gradientNorm
        self.metrics = metrics
        self.skipped = skipped
        self.times = times
    }

    /// What decides which epoch was the best: the validation loss where there is one.
    public var monitoredLoss: Double { validationLoss ?? trainingLoss }
}

/// Seconds that the steps of an epoch spent on each of their parts.
public struct StepTimes: Codable, Sendable, Equatable {
    /// Gathering rows.
    public var data: Double
    /// The forward pass and the loss.
    public var forward: Double
    /// The backward pass, with what is sent meanwhile.
    public var backward: Double
    /// Waiting for other workers.
    public var communication: Double
    /// Clipping and the optimizer.
    public var update: Double

    public init(
        data: Double = 0, forward: Double = 0, backward: Double = 0, communication: Double = 0, update: Double = 0
    ) {
        self.data = data
        self.forward = forward
        self.backward = backward
        self.communication = communication
        self.update = update
    }

    var values: [Double] { [data, forward, backward, communication, update] }

    init(values: [Double]) {
        self.init(
            data: values[0], forward: values[1], backward: values[2], communication: values[3], update: values[4])
    }

    static let count = 5
}
