import CKernels

/// y = activation((x - mean) / sqrt(variance + epsilon) gamma + beta), channel by channel over rows and pixels (Ioffe and
/// Szegedy, 2015), as in PyTorch's `nn.BatchNorm1d` and `nn.BatchNorm2d`: x (channels x anything).
///
/// While training, mean and variance are those of the rows at hand: of one slice of a batch, so they do not depend on the
/// number of workers. In evaluation, and always if `usesRunningStatistics`, they are the running averages; so they are
/// where a slice has a single value a channel, which has no variance, and moves no average. Parameters: gamma, beta,
/// running mean, running variance, number of batches. The variance that is averaged is the unbiased one.
///
/// With n values a channel and x' the normalised x: dx = gamma / sigma (dy - mean(dy) - x' mean(dy x')).
public struct BatchNormalization: Operation {
    public let shape: Shape
    public let epsilon: Float
    public let usesRunningStatistics: Bool
    public let activation: Activation
    private let channels: Int
    private let spatial: Int

    public init(
        _ shape: Shape, epsilon: Float = 1e-5, usesRunningStatistics: Bool = false, activation: Activation = .identity
    ) {
        self.shape = shape
        self.epsilon = epsilon
        self.usesRunningStatistics = usesRunningStatistics
        self.activation = activation
        channels = shape.dimensions[0]
        spatial = shape.count / channels
    }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }
    public var parameterShapes: [Shape] { [[channels], [channels], [channels], [channels], []] }
    /// Mean, variance, 1 / standard deviation.
    public var fixedKeptCount: Int { 3 * channels }
    public func scratchCount(rows: Int) -> Int { 2 * channels }
    public var work: Work { Work(forward: 7 * shape.count, backward: 12 * shape.count) }

    public func forward(_ pass: ForwardPass) {
        let mean: UnsafePointer<Float>
        let variance: UnsafePointer<Float>
        let inverse: UnsafeMutablePointer<Float>
        if let kept = pass.kept, pass.randomness != nil, usesOwnStatistics(rows: pass.rows) {
            kernels.batch_statistics(pass.input(), kept, kept + channels, pass.rows, channels, spatial)
            mean = UnsafePointer(kept)
            variance = UnsafePointer(kept + channels)
            inverse = kept + 2 * channels
        } else {
            mean = pass.parameter(2)
            variance = pass.parameter(3)
            inverse = pass.scratch
        }
        invert(variance, into: inverse)
        kernels.batch_norm_forward(
            activation.kernel, pass.input(), mean, inverse, pass.parameter(0), pass.parameter(1), pass.output,
            pass.rows, channels, spatial)
    }

    public func backward(_ pass: BackwardPass) {
        let (gamma, dgamma, dbeta) = (pass.parameter(0), pass.parameterGradient(0), pass.parameterGradient(1))
        let usesOwn = usesOwnStatistics(rows: pass.rows)
        let mean = usesOwn ? UnsafePointer(pass.kept) : pass.parameter(2)
        let inverse = usesOwn ? pass.kept + 2 * channels : pass.scratch
        if !usesOwn { invert(pass.parameter(3), into: inverse) }
        kernels.batch_norm_slopes(
            activation.kernel, pass.input(), pass.output, pass.outputGradient, mean, inverse, dgamma, dbeta,
            pass.rows, channels, spatial)
        if !usesRunningStatistics { contribute(pass, rows: usesOwn ? pass.rows : 0) }
        guard let inputGradient = pass.inputGradient() else { return }
        if usesOwn {
            kernels.batch_norm_backward(
                pass.input(), pass.outputGradient, mean, inverse, gamma, dgamma, dbeta, inputGradient, pass.rows,
                channels, spatial)
        } else {
            let factor = pass.scratch + channels
            for channel in 0..<channels { factor[channel] = inverse[channel] * gamma[channel] }
            kernels.scale_channels(factor, pass.outputGradient, inputGradient, pass.rows, channels, spatial)
        }
    }

    /// Whether so many rows have a variance of their own, and training takes it.
    private func usesOwnStatistics(rows: Int) -> Bool { !usesRunningStatistics && rows * spatial > 1 }

    /// What the rows at hand add to the running statistics, nothing if there are none; see `RunningStatistics`.
    private func contribute(_ pass: BackwardPass, rows: Int) {
        let (means, variances) = (pass.parameterGradient(2), pass.parameterGradient(3))
        pass.parameterGradient(4)[0] = Float(rows)
        guard rows > 0 else {
            means.update(repeating: 0, count: channels)
            variances.update(repeating: 0, count: channels)
            return
        }
        let count = Float(rows * spatial)
        let correction = count / (count - 1)
        for channel in 0..<channels {
            means[channel] = Float(rows) * pass.kept[channel]
            variances[channel] = Float(rows) * (pass.kept[channels + channel] * correction)
        }
    }

    private func invert(_ variance: UnsafePointer<Float>, into inverse: UnsafeMutablePointer<Float>) {
        for channel in 0..<channels { inverse[channel] = 1 / (variance[channel] + epsilon).squareRoot() }
    }
}
