import Tensors

/// layers(x) + shortcut(x), where the shortcut is x itself unless it has layers of its own (He et al., 2015).
///
/// The equivalent module has two children, `layers` and `shortcut`, each an `nn.Sequential`.
struct ResidualLayer: Layer {
    static let kind = "residual"
    static let summary = "what its layers make of the input, plus the input, or plus what the shortcut makes of it"
    static let settings = [
        LayerSetting("layers", .layers, standsAlone: true, "the branch that is added to the input"),
        LayerSetting(
            "shortcut", .layers, .value(.layers([])),
            "layers on the way of the input, such as a `conv2d` of kernel 1 where the branch changes the shape"),
    ]

    let layers: [LayerSpecification]
    let shortcut: [LayerSpecification]

    init(_ settings: LayerSettings) {
        layers = settings.layers("layers")
        shortcut = settings.layers("shortcut")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let input = network.value
        try network.add(layers, from: "layers", named: "layers")
        let branch = network.value
        network.value = input
        try network.add(shortcut, from: "shortcut", named: "shortcut")
        guard network.shape == branch.shape else {
            throw .unfitShape(
                network.position, expected: "a branch that ends in the shape of the shortcut, \(network.shape)",
                actual: branch.shape.dimensions,
                remedy: "give it a shortcut that changes the shape in the same way, such as a conv2d of kernel 1")
        }
        network.apply(Sum(network.shape), to: [branch, network.value])
    }
}

extension LayerSpecification {
    public static func residual(
        _ layers: [LayerSpecification], shortcut: [LayerSpecification] = []
    ) -> LayerSpecification {
        LayerSpecification("residual", ["layers": .layers(layers), "shortcut": .layers(shortcut)])
    }
}
