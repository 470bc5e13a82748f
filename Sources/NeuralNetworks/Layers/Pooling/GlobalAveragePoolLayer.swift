import Tensors

/// The mean of each channel; `nn.AdaptiveAvgPool2d(1)` and a flatten.
struct GlobalAveragePoolLayer: Layer {
    static let kind = "global_average_pool"
    static let summary =
        "the mean of each channel, as [channels]; `nn.AdaptiveAvgPool2d(1)` or `nn.AdaptiveAvgPool1d(1)` with a flatten"

    init(_ settings: LayerSettings) {}

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let dimensions = network.shape.dimensions
        guard dimensions.count > 1 else {
            throw .unfitShape(
                network.position, expected: "[channels, height, width] or [channels, length]", actual: dimensions,
                remedy: "put it before any flatten or linear layer")
        }
        let sides = Sides(height: dimensions.count == 2 ? 1 : dimensions[1], width: dimensions.last ?? 1)
        network.apply(AveragePool(Window(over: network.shape, kernel: sides, stride: 1)))
        network.apply(Reshape(network.shape, to: [dimensions[0]]))
    }
}

extension LayerSpecification {
    public static let globalAveragePool = LayerSpecification("global_average_pool")
}
