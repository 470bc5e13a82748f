import Tensors

/// A learned vector for each position, added; `x + nn.Embedding(maximum, width)(arange(positions))`.
struct LearnedPositionsLayer: Layer {
    static let kind = "learned_positions"
    static let summary = "adds a learned vector to each position; an `nn.Embedding` of the positions"
    static let settings = [
        LayerSetting(
            "maximum", .integer(1...LayerSetting.largestSide), standsAlone: true, "positions that there are vectors for"
        )
    ]

    let maximum: Int

    init(_ settings: LayerSettings) {
        maximum = settings.integer("maximum")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let sequence = try network.sequence()
        guard sequence.positions <= maximum else {
            throw .unfitShape(
                network.position, expected: "at most \(maximum) positions", actual: network.shape.dimensions,
                remedy: "make `maximum` larger or the sequences shorter")
        }
        try network.checkSize([maximum, sequence.width])
        let starts = network.initialization.starts(
            fanIn: maximum, fanOut: sequence.width, standard: .normal(deviation: 1))
        network.apply(
            LearnedPositions(network.shape, maximumPositions: maximum), named: ["weight"],
            initialization: starts.weight)
    }
}

extension LayerSpecification {
    public static func learnedPositions(maximum: Int) -> LayerSpecification {
        LayerSpecification("learned_positions", ["maximum": .integer(maximum)])
    }
}
