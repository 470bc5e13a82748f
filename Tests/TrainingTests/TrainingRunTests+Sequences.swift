import NeuralNetworks

extension TrainingRunTests {
    /// A model of each family for sequences over the five features, which are five positions of one.
    static let sequenceModels: [ModelSpecification] = {
        let figures = LayerSpecification.TransformerFigures(width: 6, heads: 2, layers: 1, dropout: 0.2)
        let layers: [(ModelSpecification.Family, [LayerSpecification])] = [
            (.rnn, [.rnn(width: 6, isLast: true, activation: "relu")]),
            (.lstm, [.lstm(width: 5, layers: 2, isBidirectional: true, dropout: 0.3, isLast: true)]),
            (.gru, [.gru(width: 6, isLast: true)]),
            (
                .transformer,
                LayerSpecification.transformerEncoderNetwork(vocabulary: nil, figures: figures, isPooled: true)
            ),
        ]
        return layers.map {
            ModelSpecification(family: $0, task: .classification, input: [5, 1], outputs: 3, layers: $1)
        }
    }()
}
