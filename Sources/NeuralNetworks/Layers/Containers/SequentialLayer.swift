/// Layers one after another, as one; `nn.Sequential`.
struct SequentialLayer: Layer {
    static let kind = "sequential"
    static let summary = "layers one after another; `nn.Sequential`"
    static let settings = [LayerSetting("layers", .layers, standsAlone: true, "the layers, first to last")]

    let layers: [LayerSpecification]

    init(_ settings: LayerSettings) {
        layers = settings.layers("layers")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        try network.add(layers, from: "layers", named: nil)
    }
}

extension LayerSpecification {
    public static func sequential(_ layers: [LayerSpecification]) -> LayerSpecification {
        LayerSpecification("sequential", ["layers": .layers(layers)])
    }
}
