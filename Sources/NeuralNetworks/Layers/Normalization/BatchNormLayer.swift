import Tensors

/// Each channel shifted and scaled to mean 0 and variance 1 over the rows and pixels; `nn.BatchNorm1d`,
/// `nn.BatchNorm2d`.
///
/// While training the statistics are those of one slice of a batch (`train.slices`), not of the whole batch and not of
/// one worker's part, so they do not depend on the number of workers. The running averages move once a step, by the
/// mean of the slices' statistics weighted with their rows. If they are frozen, they are used while training too.
struct BatchNormLayer: Layer {
    static let kind = "batch_norm"
    static let summary =
        "each channel normalised over the rows of a slice and its pixels, in evaluation by running averages; "
        + "`nn.BatchNorm1d`, `nn.BatchNorm2d`"
    static let settings = [
        LayerSetting("epsilon", .number(.above(0)), .value(.number(1e-5)), "added to the variance"),
        LayerSetting(
            "momentum", .number(.from(0, below: 1)), .value(.number(0.1)),
            "weight of the newest batch in the running averages"),
    ]

    let epsilon: Float
    let momentum: Float

    init(_ settings: LayerSettings) {
        epsilon = Float(settings.number("epsilon"))
        momentum = Float(settings.number("momentum"))
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let channels = Shape([network.shape.dimensions[0]])
        let gamma = network.parameter("weight", shape: channels, initialization: .constant(1))
        let beta = network.parameter("bias", shape: channels, initialization: .constant(0))
        let statistics = network.runningStatistics(
            [("running_mean", channels, 0), ("running_var", channels, 1)], batches: "num_batches_tracked",
            momentum: momentum)
        let operation = BatchNormalization(
            network.shape, epsilon: epsilon, usesRunningStatistics: statistics.contains(where: \.isFrozen),
            activation: network.takeFollowingActivation())
        network.apply(operation, parameters: [gamma, beta] + statistics)
    }
}

extension LayerSpecification {
    public static let batchNorm = LayerSpecification("batch_norm")
}
