import Tensors

/// The last dimension shifted and scaled to mean 0 and variance 1; `nn.LayerNorm`.
struct LayerNormLayer: Layer {
    static let kind = "layer_norm"
    static let summary = "the last dimension normalised; `nn.LayerNorm`"
    static let settings = [
        LayerSetting("epsilon", .number(.above(0)), .value(.number(1e-5)), "added to the variance"),
        LayerSetting("bias", .bool, .value(.bool(true)), "whether a bias is added"),
    ]

    let epsilon: Float
    let hasBias: Bool

    init(_ settings: LayerSettings) {
        epsilon = Float(settings.number("epsilon"))
        hasBias = settings.bool("bias")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let operation = GroupNormalization(lastOf: network.shape, epsilon: epsilon, hasBias: hasBias)
        network.apply(operation, named: ["weight", "bias"], initializations: [.constant(1), .constant(0)])
    }
}

extension LayerSpecification {
    public static let layerNorm = LayerSpecification("layer_norm")
}
