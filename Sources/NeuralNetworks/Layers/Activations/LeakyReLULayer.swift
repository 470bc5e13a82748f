import Tensors

/// x above 0, slope x below; `nn.LeakyReLU`.
struct LeakyReLULayer: Layer {
    static let kind = "leaky_relu"
    static let summary = "x above 0, slope x below; `nn.LeakyReLU`"
    static let role = LayerRole.activation()
    static let settings = [
        LayerSetting("slope", .number(.from(0)), .value(.number(0.01)), standsAlone: true, "the slope below 0")
    ]

    let slope: Float

    init(_ settings: LayerSettings) {
        slope = Float(settings.number("slope"))
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Pointwise(network.shape, .leakyReLU(slope: slope)))
    }
}

extension LayerSpecification {
    public static func leakyReLU(slope: Double = 0.01) -> LayerSpecification {
        LayerSpecification("leaky_relu", ["slope": .number(slope)])
    }
}
