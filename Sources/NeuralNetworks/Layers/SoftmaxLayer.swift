import Tensors

/// Softmax over the last dimension; `nn.Softmax(dim=-1)`.
struct SoftmaxLayer: Layer {
    static let kind = "softmax"
    static let summary = "softmax over the last dimension; `nn.Softmax(dim=-1)`"
    static let role = LayerRole.distribution

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Softmax(network.shape))
    }
}

extension LayerSpecification {
    public static let softmax = LayerSpecification("softmax")
}
