import Tensors

/// x Phi(x), with Phi the distribution function of the normal distribution; `nn.GELU`.
struct GELULayer: Layer {
    static let kind = "gelu"
    static let summary = "x times the normal distribution function of x; `nn.GELU`"
    static let role = LayerRole.activation()
    static let settings = [
        LayerSetting(
            "approximate", .choice(["none", "tanh"]), .value(.text("none")), standsAlone: true,
            "`tanh` for the approximation that GPT-2 uses")
    ]

    let function: PointFunction

    init(_ settings: LayerSettings) {
        function = settings.text("approximate") == "tanh" ? .geluTanh : .gelu
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(Pointwise(network.shape, function))
    }
}

extension LayerSpecification {
    public static let gelu = LayerSpecification("gelu")
    public static let geluTanh = LayerSpecification("gelu", ["approximate": .text("tanh")])
}
