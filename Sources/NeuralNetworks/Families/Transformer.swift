extension LayerSpecification {
    /// What the transformers of the families `transformer` and `gpt` have in common.
    public struct TransformerFigures: Sendable, Equatable {
        /// Of the vectors of all positions.
        public var width: Int
        public var heads: Int
        public var layers: Int
        /// Nil: 4 times the width.
        public var feedforward: Int?
        /// `relu`, `gelu` or `gelu_tanh`.
        public var activation: String
        public var normFirst: Bool
        public var dropout: Double

        public init(
            width: Int, heads: Int, layers: Int, feedforward: Int? = nil, activation: String = "relu",
            normFirst: Bool = false, dropout: Double = 0.1
        ) {
            self.width = width
            self.heads = heads
            self.layers = layers
            self.feedforward = feedforward
            self.activation = activation
            self.normFirst = normFirst
            self.dropout = dropout
        }
    }

    /// The layers of a transformer encoder before its head: vectors of the tokens, or a linear layer where the input is
    /// numbers, then waves of the positions and the encoder.
    ///
    /// - Parameter isPooled: whether the head gets the mean over the positions, or each of them.
    public static func transformerEncoderNetwork(
        vocabulary: Int?, figures: TransformerFigures, isPooled: Bool
    ) -> [LayerSpecification] {
        let entrance: [LayerSpecification] =
            vocabulary.map { [.embedding(vocabulary: $0, width: figures.width)] } ?? [.linear(outputs: figures.width)]
        let encoder = transformerEncoder(
            layers: figures.layers, heads: figures.heads, feedforward: figures.feedforward,
            activation: figures.activation, normFirst: figures.normFirst, dropout: figures.dropout)
        return entrance + [.sinusoidalPositions(isScaled: false), encoder]
            + (isPooled ? [.meanPositions] : [])
    }

    /// The layers of an encoder-decoder before its head, over the ids of a source with those of a target behind it.
    public static func transformerNetwork(
        vocabulary: Int, source: Int, decoderLayers: Int, figures: TransformerFigures
    ) -> [LayerSpecification] {
        [
            .embedding(vocabulary: vocabulary, width: figures.width),
            .sinusoidalPositions(isScaled: false, source: source),
            .transformer(
                source: source, encoderLayers: figures.layers, decoderLayers: decoderLayers, heads: figures.heads,
                feedforward: figures.feedforward, activation: figures.activation, normFirst: figures.normFirst,
                dropout: figures.dropout),
        ]
    }
}
