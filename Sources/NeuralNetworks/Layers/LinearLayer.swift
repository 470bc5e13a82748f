import Tensors

/// A fully connected layer on the last dimension; `nn.Linear`.
struct LinearLayer: Layer {
    static let kind = "linear"
    static let summary = "fully connected, over the last dimension; `nn.Linear`"
    static let role = LayerRole.affine
    static let settings =
        [
            LayerSetting("outputs", .integer(1...LayerSetting.largestSide), standsAlone: true, "width of the result"),
            LayerSetting("bias", .bool, .value(.bool(true)), "whether a bias is added"),
        ] + WeightInitialization.settings

    let outputs: Int
    let hasBias: Bool
    let initialization: WeightInitialization?

    init(_ settings: LayerSettings) throws(NetworkError) {
        outputs = settings.integer("outputs")
        hasBias = settings.bool("bias")
        initialization = try WeightInitialization(settings)
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let dimensions = network.shape.dimensions
        guard dimensions.count <= 2 else {
            throw .unfitShape(
                network.position, expected: "[features] or [positions, features]", actual: dimensions,
                remedy: "put a flatten layer before it")
        }
        let inputs = dimensions.last ?? 1
        try network.checkSize([outputs, inputs])
        try network.checkSize(dimensions.dropLast() + [outputs])
        let operation = Linear(
            network.shape, outputs: outputs, hasBias: hasBias, activation: network.takeFollowingActivation())
        let starts = (initialization ?? network.initialization)
            .starts(fanIn: inputs, fanOut: outputs, standard: .uniform(fanIn: inputs))
        network.apply(operation, named: ["weight", "bias"], initializations: [starts.weight, starts.bias])
    }
}

extension LayerSpecification {
    public static func linear(outputs: Int, bias: Bool = true) -> LayerSpecification {
        LayerSpecification("linear", ["outputs": .integer(outputs), "bias": .bool(bias)])
    }
}
