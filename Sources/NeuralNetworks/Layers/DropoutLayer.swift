import Tensors

/// Random zeroes while training; `nn.Dropout`.
struct DropoutLayer: Layer {
    static let kind = "dropout"
    static let summary = "zeroes at random while training, the others scaled up; `nn.Dropout`"
    static let role = LayerRole.passing
    static let settings = [
        LayerSetting(
            "probability", .number(.from(0, below: 1)), standsAlone: true,
            "share of values set to zero; the others are multiplied with 1 / (1 - probability)")
    ]

    let probability: Float

    init(_ settings: LayerSettings) {
        probability = Float(settings.number("probability"))
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Dropout(network.shape, probability: probability, stream: network.takeRandomStream()))
    }
}

extension LayerSpecification {
    public static func dropout(probability: Double) -> LayerSpecification {
        LayerSpecification("dropout", ["probability": .number(probability)])
    }
}
