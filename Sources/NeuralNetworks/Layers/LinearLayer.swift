import Tensors

/// A fully connected layer; `nn.Linear`.
struct LinearLayer: Layer {
    static let kind = "linear"
    let outputs: Int
    let hasBias: Bool

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        try network.check("outputs", outputs, in: 1...NetworkBuilder.largestSide)
        guard network.shape.dimensions.count == 1 else {
            throw .unfitShape(
                network.position, expected: "one dimension, [features]", actual: network.shape.dimensions,
                remedy: "put a flatten layer before it")
        }
        let inputs = network.shape.count
        try network.checkSize([outputs, inputs])
        let operation = Linear(
            network.shape, outputs: outputs, hasBias: hasBias, activation: network.takeFollowingActivation())
        network.apply(operation, named: ["weight", "bias"], initialization: .uniform(fanIn: inputs))
    }
}
