import Tensors

/// The mean over all positions that are no padding.
struct MeanPositionsLayer: Layer {
    static let kind = "mean_positions"
    static let summary = "the mean over the positions of a sequence, padding left out; `x.mean(dim=1)`"

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let sequence = try network.sequence()
        guard let tokens = network.tokens, tokens.shape.count == sequence.positions else {
            network.apply(MeanPositions(network.shape))
            return
        }
        network.apply(MeanPositions(network.shape, hasPadding: true), to: [network.value, tokens])
    }
}

extension LayerSpecification {
    public static let meanPositions = LayerSpecification("mean_positions")
}
