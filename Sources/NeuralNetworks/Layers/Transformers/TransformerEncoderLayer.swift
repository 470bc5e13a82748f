import Tensors

/// Blocks of self-attention and a feedforward network; `nn.TransformerEncoder`. Causal, it is the decoder-only
/// transformer of language models.
struct TransformerEncoderLayer: Layer {
    static let kind = "transformer_encoder"
    static let summary =
        "blocks of self-attention and two linear layers; `nn.TransformerEncoder` of layers with `batch_first`"
    static let settings =
        [LayerSetting("layers", .integer(TransformerBlock.countAllowed), .required, "blocks on top of each other")]
        + TransformerBlock.settings + [
            LayerSetting("causal", .bool, .value(.bool(false)), "whether a position looks back only"),
            LayerSetting("rotary", .bool, .value(.bool(false)), "whether queries and keys turn with their position"),
            LayerSetting(
                "window", .integer(1...LayerSetting.largestSide), .absent,
                "how far a position looks to either side; everywhere if left out"),
            LayerSetting(
                "final_norm", .bool, .derived("that of `norm_first`") { $0["norm_first"] },
                "whether the result of the last block is normalised"),
        ]

    let layers: Int
    let block: TransformerBlock
    let isCausal: Bool
    let window: Int?
    let hasFinalNorm: Bool

    init(_ settings: LayerSettings) throws(NetworkError) {
        layers = settings.integer("layers")
        block = TransformerBlock(settings, isRotary: settings.bool("rotary"))
        isCausal = settings.bool("causal")
        window = settings.optionalInteger("window")
        hasFinalNorm = settings.bool("final_norm")
        if isCausal, window != nil {
            throw .invalidLayer(
                settings.position, name: "window", expected: "left out where `causal` is true", actual: "a number")
        }
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let ids = isCausal ? nil : try network.sequenceTokens()
        let mask = isCausal ? .causal : AttentionMask(window: window)
        for layer in 0..<layers {
            try block.buildEncoderLayer(into: &network, named: "layers.\(layer).", mask: mask, ids: ids)
        }
        if hasFinalNorm { block.buildNorm(into: &network, named: "norm") }
    }
}

extension LayerSpecification {
    /// - Parameter activation: `relu`, `gelu` or `gelu_tanh`.
    public static func transformerEncoder(
        layers: Int, heads: Int, feedforward: Int? = nil, activation: String = "relu", normFirst: Bool = false,
        dropout: Double = 0.1, isCausal: Bool = false, isRotary: Bool = false, finalNorm: Bool? = nil
    ) -> LayerSpecification {
        var settings: [String: LayerValue] = [
            "layers": .integer(layers), "heads": .integer(heads), "activation": .text(activation),
            "norm_first": .bool(normFirst), "dropout": .number(dropout), "causal": .bool(isCausal),
            "rotary": .bool(isRotary),
        ]
        settings["feedforward"] = feedforward.map(LayerValue.integer)
        settings["final_norm"] = finalNorm.map(LayerValue.bool)
        return LayerSpecification("transformer_encoder", settings)
    }
}
