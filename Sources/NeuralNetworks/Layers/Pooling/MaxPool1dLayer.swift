import Tensors

/// The largest value of each window along a line; `nn.MaxPool1d`.
struct MaxPool1dLayer: PoolingLayer {
    static let kind = "max_pool1d"
    static let summary = "the largest value of each window, along a line of [channels, length]; `nn.MaxPool1d`"
    static let rank = 2

    let size: Sides
    let stride: Sides
    let padding: Sides

    func add(_ window: Window, to network: inout NetworkBuilder) {
        network.apply(MaxPool(window))
    }
}

extension LayerSpecification {
    /// Without a stride, windows that lie side by side.
    public static func maxPool1d(size: Int, stride: Int? = nil, padding: Int = 0) -> LayerSpecification {
        var settings: [String: LayerValue] = ["size": .integer(size), "padding": .integer(padding)]
        settings["stride"] = stride.map(LayerValue.integer)
        return LayerSpecification("max_pool1d", settings)
    }
}
