/// What a `SpikeWatch` has seen; part of a checkpoint.
public struct SpikeState: Codable, Sendable, Equatable {
    /// Running means over the steps that were in line.
    public var loss: Double
    public var gradientNorm: Double
    public var steps: Int
    /// Updates passed over.
    public var skipped: Int

    public init(loss: Double = 0, gradientNorm: Double = 0, steps: Int = 0, skipped: Int = 0) {
        self.loss = loss
        self.gradientNorm = gradientNorm
        self.steps = steps
        self.skipped = skipped
    }
}
