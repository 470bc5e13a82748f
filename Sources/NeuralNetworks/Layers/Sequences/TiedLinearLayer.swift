import Tensors

/// Logits as products with the vectors of the embedding layer, whose table it shares (Press and Wolf, 2017).
struct TiedLinearLayer: Layer {
    static let kind = "tied_linear"
    static let summary = "logits by the table of the embedding layer; `nn.Linear` without bias that shares its weight"
    static let role = LayerRole.affine

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let dimensions = network.shape.dimensions
        guard let table = network.embeddingTable, table.width == dimensions.last else {
            throw .unfitShape(
                network.position, expected: "an embedding layer before it, as wide as its input", actual: dimensions,
                remedy: "put an embedding layer first, or use a linear layer")
        }
        try network.checkSize(dimensions.dropLast() + [table.vocabulary])
        network.apply(Linear(network.shape, outputs: table.vocabulary, hasBias: false), parameters: [table.parameter])
    }
}

extension LayerSpecification {
    public static let tiedLinear = LayerSpecification("tied_linear")
}
