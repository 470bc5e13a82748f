import Tensors

/// The mean of each window, where padding counts as zeroes along a line; `nn.AvgPool1d`.
struct AveragePool1dLayer: PoolingLayer {
    static let kind = "average_pool1d"
    static let summary =
        "the mean of each window, where padding counts as zeroes, along a line of [channels, length]; `nn.AvgPool1d`"
    static let rank = 2

    let size: Sides
    let stride: Sides
    let padding: Sides

    func add(_ window: Window, to network: inout NetworkBuilder) {
        network.apply(AveragePool(window))
    }
}

extension LayerSpecification {
    /// Without a stride, windows that lie side by side.
    public static func averagePool1d(size: Int, stride: Int? = nil, padding: Int = 0) -> LayerSpecification {
        var settings: [String: LayerValue] = ["size": .integer(size), "padding": .integer(padding)]
        settings["stride"] = stride.map(LayerValue.integer)
        return LayerSpecification("average_pool1d", settings)
    }
}
