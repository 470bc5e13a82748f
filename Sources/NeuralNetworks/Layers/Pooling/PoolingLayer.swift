import Tensors

/// What pooling layers have in common.
protocol PoolingLayer: Layer {
    /// Dimensions of what it works on, channels included.
    static var rank: Int { get }
    var size: Sides { get }
    var stride: Sides { get }
    var padding: Sides { get }
    init(size: Sides, stride: Sides, padding: Sides)
    func add(_ window: Window, to network: inout NetworkBuilder)
}

extension PoolingLayer {
    static var settings: [LayerSetting] {
        let side = 1...LayerSetting.largestSide
        func figure(_ range: ClosedRange<Int>) -> LayerSettingForm { rank == 3 ? .pair(range) : .integer(range) }
        return [
            LayerSetting("size", figure(side), standsAlone: true, "size of the window"),
            LayerSetting("stride", figure(side), .derived("the size") { $0["size"] }, "pixels between windows"),
            LayerSetting(
                "padding", figure(0...LayerSetting.largestSide), .value(.integer(0)),
                "room on each side, at most half the size"),
        ]
    }

    init(_ settings: LayerSettings) throws(NetworkError) {
        self.init(size: settings.sides("size"), stride: settings.sides("stride"), padding: settings.sides("padding"))
        guard padding.height <= size.height / 2, padding.width <= size.width / 2 else {
            throw .invalidLayer(
                settings.position, name: "padding", expected: "at most half the size",
                actual: "\(settings.values["padding"] ?? .integer(0))")
        }
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let window = try network.window(
            rank: Self.rank, kernel: size, stride: stride, padding: padding, dilation: 1, kernelName: "size")
        add(window, to: &network)
    }
}
