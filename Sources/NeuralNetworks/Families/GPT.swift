extension LayerSpecification {
    /// The layers of a decoder-only language model before its head (Radford et al., 2019): vectors of tokens and
    /// positions, and causal blocks with a final normalisation.
    ///
    /// - Parameters:
    ///   - isRotary: turned queries and keys instead of learned vectors of the positions.
    ///   - isTied: the head shares the table of the embeddings, and is part of the layers.
    public static func gpt(
        vocabulary: Int, positions: Int, figures: TransformerFigures, isRotary: Bool = false, isTied: Bool = false
    ) -> [LayerSpecification] {
        [.embedding(vocabulary: vocabulary, width: figures.width)]
            + (isRotary ? [] : [.learnedPositions(maximum: positions)])
            + (figures.dropout > 0 ? [.dropout(probability: figures.dropout)] : [])
            + [
                .transformerEncoder(
                    layers: figures.layers, heads: figures.heads, feedforward: figures.feedforward,
                    activation: figures.activation, normFirst: figures.normFirst, dropout: figures.dropout,
                    isCausal: true, isRotary: isRotary, finalNorm: true)
            ] + (isTied ? [.tiedLinear] : [])
    }
}
