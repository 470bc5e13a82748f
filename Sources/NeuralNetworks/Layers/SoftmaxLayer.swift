import Tensors

/// Softmax over the last dimension; `nn.Softmax(dim=-1)`.
struct SoftmaxLayer: Layer {
    static let kind = "softmax"

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Softmax(network.shape))
    }
}
