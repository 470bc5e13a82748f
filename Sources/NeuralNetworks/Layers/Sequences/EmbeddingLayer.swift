import Tensors

/// A vector for each token id; `nn.Embedding`. The id -1 is padding: its vector is zero, and the layers behind leave it
/// out where they look at several positions.
struct EmbeddingLayer: Layer {
    static let kind = "embedding"
    static let summary = "a learned vector for each token id, zeroes for the id -1 (padding); `nn.Embedding`"
    static let settings = [
        LayerSetting("vocabulary", .integer(1...LayerSetting.largestSide), .required, "ids from 0 to below this"),
        LayerSetting("width", .integer(1...LayerSetting.largestSide), .required, "length of a vector"),
    ]

    let vocabulary: Int
    let width: Int

    init(_ settings: LayerSettings) {
        vocabulary = settings.integer("vocabulary")
        width = settings.integer("width")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        guard network.shape.dimensions.count == 1, network.isInput else {
            throw .unfitShape(
                network.position, expected: "token ids, [positions], as the network's input",
                actual: network.shape.dimensions, remedy: "make it the first layer, with input: [positions]")
        }
        try network.checkSize([vocabulary, width])
        try network.checkSize(network.shape.dimensions + [width])
        let starts = network.initialization.starts(
            fanIn: vocabulary, fanOut: width, standard: .normal(deviation: 1))
        let table = network.parameter("weight", shape: [vocabulary, width], initialization: starts.weight)
        network.tokens = network.value
        network.embeddingTable = (table, vocabulary, width)
        network.apply(Embedding(network.shape, vocabulary: vocabulary, width: width), parameters: [table])
    }
}

extension LayerSpecification {
    public static func embedding(vocabulary: Int, width: Int) -> LayerSpecification {
        LayerSpecification("embedding", ["vocabulary": .integer(vocabulary), "width": .integer(width)])
    }
}
