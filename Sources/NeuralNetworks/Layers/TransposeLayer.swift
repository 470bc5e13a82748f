import Tensors

/// The two dimensions of a sequence exchanged; `torch.transpose(x, 1, 2)`.
struct TransposeLayer: Layer {
    static let kind = "transpose"
    static let summary = "[positions, features] as [features, positions] and back; `x.transpose(1, 2)`"

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        guard network.shape.dimensions.count == 2 else {
            throw .unfitShape(
                network.position, expected: "two dimensions, [positions, features]",
                actual: network.shape.dimensions, remedy: "leave it out, or give the input as [positions, features]")
        }
        network.apply(Transpose(network.shape))
    }
}

extension LayerSpecification {
    public static let transpose = LayerSpecification("transpose")
}
