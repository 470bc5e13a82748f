/// A convolution along a line; `nn.Conv1d`.
struct Conv1dLayer: ConvolutionLayer {
    static let kind = "conv1d"
    static let summary =
        "convolution along a line of [channels, length]; `nn.Conv1d`. Put a `transpose` before it for "
        + "[positions, features]"
    static let rank = 2

    let convolution: ConvolutionSettings
}

extension LayerSpecification {
    /// Without a padding, the one that keeps the length at a stride of 1.
    public static func conv1d(
        channels: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil, dilation: Int = 1, groups: Int = 1,
        bias: Bool = true
    ) -> LayerSpecification {
        var settings: [String: LayerValue] = [
            "channels": .integer(channels), "kernel": .integer(kernel), "stride": .integer(stride),
            "dilation": .integer(dilation), "groups": .integer(groups), "bias": .bool(bias),
        ]
        settings["padding"] = padding.map(LayerValue.integer)
        return LayerSpecification("conv1d", settings)
    }
}
