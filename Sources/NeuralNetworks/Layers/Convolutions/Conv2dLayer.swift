import Tensors

/// A two-dimensional convolution with a square kernel; `nn.Conv2d`.
struct Conv2dLayer: Layer {
    static let kind = "conv2d"
    static let aliases = ["conv"]
    static let summary = "convolution of an image; `nn.Conv2d`"
    static let settings = [
        LayerSetting("channels", .integer(1...LayerSetting.largestSide), standsAlone: true, "channels of the result"),
        LayerSetting("kernel", .integer(1...LayerSetting.largestSide), .value(.integer(3)), "side of the kernel"),
        LayerSetting("stride", .integer(1...LayerSetting.largestSide), .value(.integer(1)), "pixels between windows"),
        LayerSetting(
            "padding", .integer(0...LayerSetting.largestSide),
            .derived("kernel / 2, rounded down") { $0["kernel"]?.sides.map { .integer($0.height / 2) } },
            "zeroes around the image"),
        LayerSetting("bias", .bool, .value(.bool(true)), "whether a bias is added to each channel"),
    ]

    let channels: Int
    let kernel: Int
    let stride: Int
    let padding: Int
    let hasBias: Bool

    init(_ settings: LayerSettings) {
        channels = settings.integer("channels")
        kernel = settings.integer("kernel")
        stride = settings.integer("stride")
        padding = settings.integer("padding")
        hasBias = settings.bool("bias")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let window = try network.window(kernel: kernel, stride: stride, padding: padding)
        let patch = [window.image.dimensions[0], kernel, kernel]
        try network.checkSize([channels] + patch)
        try network.checkSize([channels, window.outputHeight, window.outputWidth])
        try network.checkSize(patch + [window.outputHeight, window.outputWidth])
        let operation = Convolution2D(
            window, outputs: channels, hasBias: hasBias, activation: network.takeFollowingActivation())
        network.apply(operation, named: ["weight", "bias"], initialization: .uniform(fanIn: patch.reduce(1, *)))
    }
}

extension LayerSpecification {
    public static func conv2d(
        channels: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil, bias: Bool = true
    ) -> LayerSpecification {
        var settings: [String: LayerValue] = [
            "channels": .integer(channels), "kernel": .integer(kernel), "stride": .integer(stride),
            "bias": .bool(bias),
        ]
        settings["padding"] = padding.map(LayerValue.integer)
        return LayerSpecification("conv2d", settings)
    }
}
