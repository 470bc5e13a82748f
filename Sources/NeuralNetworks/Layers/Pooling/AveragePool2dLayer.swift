import Tensors

/// The mean of each window, where padding counts as zeroes of an image; `nn.AvgPool2d`.
struct AveragePool2dLayer: PoolingLayer {
    static let kind = "average_pool2d"
    static let summary = "the mean of each window, where padding counts as zeroes, of an image; `nn.AvgPool2d`"
    static let rank = 3

    let size: Sides
    let stride: Sides
    let padding: Sides

    func add(_ window: Window, to network: inout NetworkBuilder) {
        network.apply(AveragePool(window))
    }
}

extension LayerSpecification {
    /// Without a stride, windows that lie side by side.
    public static func averagePool2d(size: Int, stride: Int? = nil, padding: Int = 0) -> LayerSpecification {
        var settings: [String: LayerValue] = ["size": .integer(size), "padding": .integer(padding)]
        settings["stride"] = stride.map(LayerValue.integer)
        return LayerSpecification("average_pool2d", settings)
    }
}
