import Tensors

/// What convolutions along lines and of images have in common.
protocol ConvolutionLayer: Layer {
    /// Dimensions of what it works on, channels included.
    static var rank: Int { get }
    var convolution: ConvolutionSettings { get }
    init(convolution: ConvolutionSettings)
}

/// The settings of a convolution.
struct ConvolutionSettings {
    let channels: Int
    let kernel: Sides
    let stride: Sides
    let padding: Sides
    let dilation: Sides
    let groups: Int
    let hasBias: Bool
    let initialization: WeightInitialization?
}

extension ConvolutionLayer {
    static var role: LayerRole { .affine }

    static var settings: [LayerSetting] {
        let side = 1...LayerSetting.largestSide
        func figure(_ range: ClosedRange<Int>) -> LayerSettingForm { rank == 3 ? .pair(range) : .integer(range) }
        return [
            LayerSetting("channels", .integer(side), standsAlone: true, "channels of the result"),
            LayerSetting("kernel", figure(side), .value(.integer(3)), "size of the kernel"),
            LayerSetting("stride", figure(side), .value(.integer(1)), "pixels from one window to the next"),
            LayerSetting(
                "padding", figure(0...LayerSetting.largestSide),
                .derived("dilation x (kernel / 2, rounded down), which keeps an odd kernel's size at stride 1") {
                    guard let kernel = $0["kernel"]?.sides, let dilation = $0["dilation"]?.sides else { return nil }
                    return .pair(kernel.height / 2 * dilation.height, kernel.width / 2 * dilation.width)
                },
                "zeroes on each side"),
            LayerSetting(
                "dilation", figure(side), .value(.integer(1)), "pixels from one place of the kernel to the next"),
            LayerSetting(
                "groups", .integer(side), .value(.integer(1)),
                "parts of the channels that do not see each other; divides the channels before and behind"),
            LayerSetting("bias", .bool, .value(.bool(true)), "whether a bias is added to each channel"),
        ] + WeightInitialization.settings
    }

    init(_ settings: LayerSettings) throws(NetworkError) {
        let channels = settings.integer("channels")
        let groups = settings.integer("groups")
        guard channels.isMultiple(of: groups) else {
            throw .invalidLayer(
                settings.position, name: "groups", expected: "a divisor of the \(channels) channels",
                actual: "\(groups)")
        }
        self.init(
            convolution: ConvolutionSettings(
                channels: channels, kernel: settings.sides("kernel"), stride: settings.sides("stride"),
                padding: settings.sides("padding"), dilation: settings.sides("dilation"), groups: groups,
                hasBias: settings.bool("bias"), initialization: try WeightInitialization(settings)))
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        let settings = convolution
        let window = try network.window(
            rank: Self.rank, kernel: settings.kernel, stride: settings.stride, padding: settings.padding,
            dilation: settings.dilation)
        let image = window.image.dimensions
        guard image[0].isMultiple(of: settings.groups) else {
            throw .unfitShape(
                network.position, expected: "a number of channels that \(settings.groups) groups divide",
                actual: image, remedy: "choose groups that divide the first figure")
        }
        let patch = [image[0] / settings.groups, settings.kernel.height, settings.kernel.width]
        let pixels = Array(window.outputShape(channels: 1).dimensions.dropFirst())
        try network.checkSize([settings.channels] + patch)
        try network.checkSize([settings.channels] + pixels)
        try network.checkSize(patch + pixels)
        let operation = Convolution(
            window, outputs: settings.channels, groups: settings.groups, hasBias: settings.hasBias,
            activation: network.takeFollowingActivation())
        let fanIn = operation.parameterShapes[0].count / settings.channels
        let fanOut = settings.channels * fanIn / patch[0]
        let starts = (settings.initialization ?? network.initialization)
            .starts(fanIn: fanIn, fanOut: fanOut, standard: .uniform(fanIn: fanIn))
        network.apply(operation, named: ["weight", "bias"], initializations: [starts.weight, starts.bias])
    }
}
