import Tensors

/// All dimensions of a row as one; `nn.Flatten`.
struct FlattenLayer: Layer {
    static let kind = "flatten"
    static let summary = "all dimensions as one; `nn.Flatten`"
    static let role = LayerRole.passing

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Reshape(network.shape, to: [network.shape.count]))
    }
}

extension LayerSpecification {
    public static let flatten = LayerSpecification("flatten")
}
