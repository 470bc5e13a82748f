import Tensors

/// The last dimension divided by its root mean square; `nn.RMSNorm`.
struct RMSNormLayer: Layer {
    static let kind = "rms_norm"
    static let summary = "the last dimension divided by its root mean square; `nn.RMSNorm`"
    static let settings = [
        // PyTorch's default is the distance from 1 to the next larger float.
        LayerSetting(
            "epsilon", .number(.above(0)), .value(.number(Double(Float.ulpOfOne))), "added to the mean square")
    ]

    let epsilon: Float

    init(_ settings: LayerSettings) {
        epsilon = Float(settings.number("epsilon"))
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let operation = GroupNormalization(
            lastOf: network.shape, epsilon: epsilon, isCentered: false, hasBias: false)
        network.apply(operation, named: ["weight"], initializations: [.constant(1)])
    }
}

extension LayerSpecification {
    public static let rmsNorm = LayerSpecification("rms_norm")
}
