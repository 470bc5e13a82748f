import Tensors

/// Gated recurrent units; `nn.GRU`.
struct GRULayer: Layer {
    static let kind = "gru"
    static let summary = "gated recurrent units over a sequence; `nn.GRU(batch_first=True)`"
    static let settings = RecurrentStack.settings

    let stack: RecurrentStack

    init(_ settings: LayerSettings) {
        stack = RecurrentStack(settings, cell: .gru)
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        try stack.build(into: &network)
    }
}

extension LayerSpecification {
    public static func gru(
        width: Int, layers: Int = 1, isBidirectional: Bool = false, dropout: Double = 0, isLast: Bool = false
    ) -> LayerSpecification {
        recurrent(
            "gru", width: width, layers: layers, isBidirectional: isBidirectional, dropout: dropout, isLast: isLast)
    }
}
