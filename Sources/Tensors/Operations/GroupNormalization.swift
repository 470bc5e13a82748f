import CKernels

/// y = (x - mean) / sqrt(variance + epsilon) gamma + beta, with mean and variance of each group of each row: layer
/// normalisation (Ba et al., 2016), group normalisation (Wu and He, 2018) and RMS normalisation (Zhang and Sennrich,
/// 2019), where no mean is taken away. Parameters: gamma, and beta unless it has none.
///
/// With x' the normalised x and g = dy gamma: dx = (g - mean(g) - x' mean(g x')) / sigma.
public struct GroupNormalization: Operation {
    public let shape: Shape
    public let hasBias: Bool
    private let groups: martlet_groups
    /// Parts of a row that are normalised on their own, each with all of gamma.
    private let repeats: Int

    /// Over the last dimension: layer normalisation, or RMS normalisation if not `isCentered`.
    public init(lastOf shape: Shape, epsilon: Float = 1e-5, isCentered: Bool = true, hasBias: Bool = true) {
        let features = shape.dimensions.last ?? 1
        self.shape = shape
        self.hasBias = hasBias
        groups = martlet_groups(
            groups: 1, channels: features, spatial: 1, centered: isCentered, epsilon: epsilon)
        repeats = shape.count / features
    }

    /// Over groups of channels, the first dimension, which the groups must divide.
    public init(_ shape: Shape, groups: Int, epsilon: Float = 1e-5, hasBias: Bool = true) {
        let channels = shape.dimensions[0]
        precondition(channels.isMultiple(of: groups), "\(groups) groups do not divide \(channels) channels")
        self.shape = shape
        self.hasBias = hasBias
        self.groups = martlet_groups(
            groups: groups, channels: channels / groups, spatial: shape.count / channels, centered: true,
            epsilon: epsilon)
        repeats = 1
    }

    private var channels: Int { groups.groups * groups.channels }

    public var inputShapes: [Shape] { [shape] }
    public var outputShape: Shape { shape }
    public var parameterShapes: [Shape] { hasBias ? [[channels], [channels]] : [[channels]] }
    /// Mean and 1 / standard deviation of each group.
    public var keptCount: Int { 2 * repeats * groups.groups }
    public func scratchCount(rows: Int) -> Int { rows * keptCount }
    public var work: Work { Work(forward: 7 * shape.count, backward: 12 * shape.count) }

    public func forward(_ pass: ForwardPass) {
        var groups = groups
        kernels.group_norm_forward(
            &groups, pass.input(), pass.parameter(0), hasBias ? pass.parameter(1) : nil, pass.output,
            pass.kept ?? pass.scratch, pass.rows * repeats)
    }

    public func backward(_ pass: BackwardPass) {
        var groups = groups
        kernels.group_norm_backward(
            &groups, pass.input(), pass.outputGradient, pass.parameter(0), pass.kept, pass.inputGradient(),
            pass.parameterGradient(0), hasBias ? pass.parameterGradient(1) : nil, pass.rows * repeats)
    }
}
