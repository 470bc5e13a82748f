import Tensors

/// Self-attention; `nn.MultiheadAttention(batch_first=True)` of a sequence with itself.
struct AttentionLayer: Layer {
    static let kind = "attention"
    static let summary = "self-attention of several heads; `nn.MultiheadAttention(batch_first=True)`"
    static let settings = [
        LayerSetting("heads", .integer(AttentionBlock.headsAllowed), standsAlone: true, "heads, which share the width"),
        LayerSetting("causal", .bool, .value(.bool(false)), "whether a position looks back only"),
        LayerSetting("rotary", .bool, .value(.bool(false)), "whether queries and keys turn with their position"),
        LayerSetting("dropout", .number(.from(0, below: 1)), .value(.number(0)), "dropout of the attention weights"),
    ]

    let block: AttentionBlock
    let isCausal: Bool

    init(_ settings: LayerSettings) {
        block = AttentionBlock(
            heads: settings.integer("heads"), dropout: Float(settings.number("dropout")),
            isRotary: settings.bool("rotary"))
        isCausal = settings.bool("causal")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let ids = isCausal ? nil : try network.sequenceTokens()
        try block.buildSelf(into: &network, named: "", mask: isCausal ? .causal : .none, ids: ids)
    }
}

extension LayerSpecification {
    public static func attention(
        heads: Int, isCausal: Bool = false, isRotary: Bool = false, dropout: Double = 0
    ) -> LayerSpecification {
        LayerSpecification(
            "attention",
            [
                "heads": .integer(heads), "causal": .bool(isCausal), "rotary": .bool(isRotary),
                "dropout": .number(dropout),
            ])
    }
}
