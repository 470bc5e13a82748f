package import ClusterProtocol

/// Worker to coordinator, one way and often, from rank 0.
package struct ProgressReport: ClusterMessage {
    package static let kind = MessageKind.progress
    package static let path = MessagePath.workerToCoordinator
    package static let largestBytes = MessageBytes.figures

    package var job: String
    package var generation: UInt64
    package var epoch: Int
    package var epochs: Int
    /// Steps done in this epoch, of how many.
    package var step: Int
    package var steps: Int
    package var loss: Double
    package var samplesPerSecond: Double
    package var secondsLeft: Double

    package init(
        job: String, generation: UInt64, epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double,
        samplesPerSecond: Double, secondsLeft: Double
    ) {
        self.job = job
        self.generation = generation
        self.epoch = epoch
        self.epochs = epochs
        self.step = step
        self.steps = steps
        self.loss = loss
        self.samplesPerSecond = samplesPerSecond
        self.secondsLeft = secondsLeft
    }
}

extension ProgressReport {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(epochs, "epochs")
        try Check.count(epoch, "epoch")
        try Check.count(steps, "steps")
        try Check.count(step, "step")
    }
}
