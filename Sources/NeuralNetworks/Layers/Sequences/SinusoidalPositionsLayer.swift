import Tensors

/// Waves of the position, added (Vaswani et al., 2017).
struct SinusoidalPositionsLayer: Layer {
    static let kind = "sinusoidal_positions"
    static let summary = "adds sines and cosines of the position, as in \"Attention Is All You Need\""
    static let settings = [
        LayerSetting("scale", .bool, .value(.bool(true)), "whether the input is first multiplied with sqrt(width)"),
        LayerSetting(
            "source", .integer(1...LayerSetting.largestSide), .absent,
            "positions of the source, where a target follows whose positions begin at 0 again"),
    ]

    let isScaled: Bool
    let source: Int?

    init(_ settings: LayerSettings) {
        isScaled = settings.bool("scale")
        source = settings.optionalInteger("source")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let (positions, width) = try network.sequence()
        try network.checkSize([positions, width])
        network.apply(
            SinusoidalPositions(network.shape, scale: isScaled ? Float(width).squareRoot() : 1, restart: source))
    }
}

extension LayerSpecification {
    /// - Parameter source: positions before the target, whose positions begin at 0 again.
    public static func sinusoidalPositions(isScaled: Bool = true, source: Int? = nil) -> LayerSpecification {
        var settings = ["scale": LayerValue.bool(isScaled)]
        settings["source"] = source.map(LayerValue.integer)
        return LayerSpecification("sinusoidal_positions", settings)
    }
}
