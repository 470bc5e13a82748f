import Tensors

/// What a sequence is at its last position.
struct LastPositionLayer: Layer {
    static let kind = "last_position"
    static let summary = "the last position of a sequence; `x[:, -1]`"

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let sequence = try network.sequence()
        network.apply(
            Slice(network.shape, from: (sequence.positions - 1) * sequence.width, to: [sequence.width]))
    }
}

extension LayerSpecification {
    public static let lastPosition = LayerSpecification("last_position")
}
