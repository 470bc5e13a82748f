import Tensors

/// The largest value of each square window; `nn.MaxPool2d`.
struct MaxPool2dLayer: Layer {
    static let kind = "max_pool2d"
    static let aliases = ["max_pool"]
    static let summary = "the largest value of each window of an image; `nn.MaxPool2d`"
    static let settings = [
        LayerSetting("size", .integer(1...LayerSetting.largestSide), standsAlone: true, "side of the window"),
        LayerSetting(
            "stride", .integer(1...LayerSetting.largestSide), .derived("the size") { $0["size"] },
            "pixels from one window to the next"),
    ]

    let size: Int
    let stride: Int

    init(_ settings: LayerSettings) {
        size = settings.integer("size")
        stride = settings.integer("stride")
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(MaxPool2D(try network.window(kernel: size, stride: stride, padding: 0, kernelName: "size")))
    }
}

extension LayerSpecification {
    public static func maxPool2d(size: Int, stride: Int? = nil) -> LayerSpecification {
        var settings = ["size": LayerValue.integer(size)]
        settings["stride"] = stride.map(LayerValue.integer)
        return LayerSpecification("max_pool2d", settings)
    }
}
