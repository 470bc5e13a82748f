import Tensors

/// The largest value of each window of an image; `nn.MaxPool2d`.
struct MaxPool2dLayer: PoolingLayer {
    static let kind = "max_pool2d"
    static let aliases = ["max_pool"]
    static let summary = "the largest value of each window, of an image; `nn.MaxPool2d`"
    static let rank = 3

    let size: Sides
    let stride: Sides
    let padding: Sides

    func add(_ window: Window, to network: inout NetworkBuilder) {
        network.apply(MaxPool(window))
    }
}

extension LayerSpecification {
    /// Without a stride, windows that lie side by side.
    public static func maxPool2d(size: Int, stride: Int? = nil, padding: Int = 0) -> LayerSpecification {
        var settings: [String: LayerValue] = ["size": .integer(size), "padding": .integer(padding)]
        settings["stride"] = stride.map(LayerValue.integer)
        return LayerSpecification("max_pool2d", settings)
    }
}
