import Tensors

/// Long short-term memory; `nn.LSTM`.
struct LSTMLayer: Layer {
    static let kind = "lstm"
    static let summary = "long short-term memory over a sequence; `nn.LSTM(batch_first=True)`"
    static let settings = RecurrentStack.settings

    let stack: RecurrentStack

    init(_ settings: LayerSettings) {
        stack = RecurrentStack(settings, cell: .lstm)
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        try stack.build(into: &network)
    }
}

extension LayerSpecification {
    public static func lstm(
        width: Int, layers: Int = 1, isBidirectional: Bool = false, dropout: Double = 0, isLast: Bool = false
    ) -> LayerSpecification {
        recurrent(
            "lstm", width: width, layers: layers, isBidirectional: isBidirectional, dropout: dropout, isLast: isLast)
    }
}
