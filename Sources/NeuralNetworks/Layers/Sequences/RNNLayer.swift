import Tensors

/// Elman's recurrent network; `nn.RNN`.
struct RNNLayer: Layer {
    static let kind = "rnn"
    static let summary = "a plain recurrent layer over a sequence; `nn.RNN(batch_first=True)`"
    static let settings =
        RecurrentStack.settings + [
            LayerSetting("activation", .choice(["tanh", "relu"]), .value(.text("tanh")), "PyTorch's `nonlinearity`")
        ]

    let stack: RecurrentStack

    init(_ settings: LayerSettings) {
        stack = RecurrentStack(settings, cell: settings.text("activation") == "relu" ? .relu : .tanh)
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        try stack.build(into: &network)
    }
}

extension LayerSpecification {
    /// - Parameter activation: `tanh` or `relu`.
    public static func rnn(
        width: Int, layers: Int = 1, isBidirectional: Bool = false, dropout: Double = 0, isLast: Bool = false,
        activation: String = "tanh"
    ) -> LayerSpecification {
        recurrent(
            "rnn", width: width, layers: layers, isBidirectional: isBidirectional, dropout: dropout, isLast: isLast,
            ["activation": .text(activation)])
    }
}
