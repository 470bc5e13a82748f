import Tensors

/// All dimensions of a row as one; `nn.Flatten`.
struct FlattenLayer: Layer {
    static let kind = "flatten"

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Reshape(network.shape, to: [network.shape.count]))
    }
}
