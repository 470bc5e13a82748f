import Tensors

/// Encoder and decoder; `nn.Transformer`. The current sequence is the source and behind it the target; the result is
/// that of the target. The decoder looks back only, and at the encoder's result for the whole source.
struct TransformerLayer: Layer {
    static let kind = "transformer"
    static let summary =
        "encoder and decoder over a source with the target behind it; `nn.Transformer(batch_first=True)`"
    static let settings =
        [
            LayerSetting(
                "source", .integer(1...LayerSetting.largestSide), .required,
                "positions of the source; the others are the target"),
            LayerSetting(
                "encoder_layers", .integer(TransformerBlock.countAllowed), .value(.integer(6)), "blocks of the encoder"),
            LayerSetting(
                "decoder_layers", .integer(TransformerBlock.countAllowed), .value(.integer(6)), "blocks of the decoder"),
        ] + TransformerBlock.settings + [
            LayerSetting(
                "source_window", .integer(1...LayerSetting.largestSide), .absent,
                "how far a source position looks to either side; everywhere if left out"),
            LayerSetting(
                "memory_window", .integer(1...LayerSetting.largestSide), .absent,
                "how far from its own position a target position looks at the source; everywhere if left out"),
        ]

    let source: Int
    let encoderLayers: Int
    let decoderLayers: Int
    let block: TransformerBlock
    let sourceWindow: Int?
    let memoryWindow: Int?

    init(_ settings: LayerSettings) {
        source = settings.integer("source")
        encoderLayers = settings.integer("encoder_layers")
        decoderLayers = settings.integer("decoder_layers")
        block = TransformerBlock(settings, startsWithXavier: true)
        sourceWindow = settings.optionalInteger("source_window")
        memoryWindow = settings.optionalInteger("memory_window")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let (positions, width) = try network.sequence()
        guard positions > source else {
            throw .unfitShape(
                network.position, expected: "more than the \(source) positions of the source",
                actual: network.shape.dimensions, remedy: "give the target's positions behind those of the source")
        }
        let target = positions - source
        let input = network.value
        let ids = try network.sequenceTokens(first: source)

        network.apply(Slice(input.shape, from: 0, to: [source, width]), to: [input])
        for layer in 0..<encoderLayers {
            try block.buildEncoderLayer(
                into: &network, named: "encoder.layers.\(layer).",
                mask: AttentionMask(window: sourceWindow), ids: ids)
        }
        block.buildNorm(into: &network, named: "encoder.norm")
        let memory = network.value

        network.apply(Slice(input.shape, from: source * width, to: [target, width]), to: [input])
        for layer in 0..<decoderLayers {
            try block.buildDecoderLayer(
                into: &network, named: "decoder.layers.\(layer).", memory: memory,
                memoryMask: AttentionMask(window: memoryWindow), memoryIDs: ids)
        }
        block.buildNorm(into: &network, named: "decoder.norm")
    }
}

extension LayerSpecification {
    /// - Parameters:
    ///   - source: positions of the source, behind which the target lies.
    ///   - activation: `relu`, `gelu` or `gelu_tanh`.
    public static func transformer(
        source: Int, encoderLayers: Int = 6, decoderLayers: Int = 6, heads: Int, feedforward: Int? = nil,
        activation: String = "relu", normFirst: Bool = false, dropout: Double = 0.1
    ) -> LayerSpecification {
        var settings: [String: LayerValue] = [
            "source": .integer(source), "encoder_layers": .integer(encoderLayers),
            "decoder_layers": .integer(decoderLayers), "heads": .integer(heads), "activation": .text(activation),
            "norm_first": .bool(normFirst), "dropout": .number(dropout),
        ]
        settings["feedforward"] = feedforward.map(LayerValue.integer)
        return LayerSpecification("transformer", settings)
    }
}
