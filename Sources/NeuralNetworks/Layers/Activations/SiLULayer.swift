import Tensors

/// x sigmoid(x), also called swish; `nn.SiLU`.
struct SiLULayer: Layer {
    static let kind = "silu"
    static let summary = "x sigmoid(x), also called swish; `nn.SiLU`"
    static let role = LayerRole.activation()

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Pointwise(network.shape, .silu))
    }
}

extension LayerSpecification {
    public static let silu = LayerSpecification("silu")
}
