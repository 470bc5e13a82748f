import Tensors

/// Random zeroes while training; `nn.Dropout`.
struct DropoutLayer: Layer {
    static let kind = "dropout"
    let probability: Float

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        guard probability >= 0, probability < 1 else {
            throw .invalidLayer(
                network.position, name: "probability", expected: "at least 0 and below 1", actual: "\(probability)")
        }
        network.apply(Dropout(network.shape, probability: probability, stream: network.randomStream))
    }
}
