/// A convolution of an image; `nn.Conv2d`.
struct Conv2dLayer: ConvolutionLayer {
    static let kind = "conv2d"
    static let aliases = ["conv"]
    static let summary = "convolution of an image; `nn.Conv2d`"
    static let rank = 3

    let convolution: ConvolutionSettings
}

extension LayerSpecification {
    /// Without a padding, the one that keeps the size of the image at a stride of 1.
    public static func conv2d(
        channels: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil, dilation: Int = 1, groups: Int = 1,
        bias: Bool = true
    ) -> LayerSpecification {
        var settings: [String: LayerValue] = [
            "channels": .integer(channels), "kernel": .integer(kernel), "stride": .integer(stride),
            "dilation": .integer(dilation), "groups": .integer(groups), "bias": .bool(bias),
        ]
        settings["padding"] = padding.map(LayerValue.integer)
        return LayerSpecification("conv2d", settings)
    }
}
