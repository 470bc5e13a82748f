import CKernels

/// Random numbers that are a pure function of (seed, step, stream, row, position): Philox4x32-10.
///
/// Counting instead of keeping a state is what makes a dropout mask the same however a batch is cut over workers.
public struct RandomStream: Sendable, Equatable {
    public var seed: UInt64
    public var step: UInt32
    /// Tells apart the users of one seed.
    public var stream: UInt32

    public init(seed: UInt64, step: UInt32 = 0, stream: UInt32) {
        self.seed = seed
        self.step = step
        self.stream = stream
    }

    /// Fills with numbers of U(low, high), multiples of (high - low) / 2^24.
    public func fill(_ values: UnsafeMutablePointer<Float>, count: Int, low: Float, high: Float) {
        kernels.uniform(kernel, low, high, values, count)
    }

    /// Fills with numbers of N(0, deviation^2), each the quantile of a uniform one.
    public func fillNormal(_ values: UnsafeMutablePointer<Float>, count: Int, deviation: Float) {
        fill(values, count: count, low: 0, high: 1)
        for index in 0..<count {
            // The middle of the interval of 2^-24 that each number stands for, so none is 0.
            let share = Double(values[index]) + 0x1p-25
            values[index] = Float(Double(deviation) * NormalDistribution.quantile(share))
        }
    }

    var kernel: martlet_random_stream { martlet_random_stream(seed: seed, step: step, stream: stream) }
}

/// What the random choices of one training step depend on besides the layer and the element.
public struct StepRandomness: Sendable, Equatable {
    public var seed: UInt64
    public var step: Int
    /// Index in the global batch of the first row of this call.
    public var firstRow: Int

    public init(seed: UInt64, step: Int, firstRow: Int) {
        self.seed = seed
        self.step = step
        self.firstRow = firstRow
    }
}
