extension LayerSpecification {
    /// The layers of a recurrent network before its head: an embedding where the input is token ids, and one `rnn`,
    /// `lstm` or `gru`.
    public static func recurrentNetwork(
        _ layer: LayerSpecification, vocabulary: Int?, embedding: Int
    ) -> [LayerSpecification] {
        (vocabulary.map { [.embedding(vocabulary: $0, width: embedding)] } ?? []) + [layer]
    }
}
