import Tensors

/// A two-dimensional convolution with a square kernel; `nn.Conv2d`.
struct Conv2dLayer: Layer {
    static let kind = "conv2d"
    let channels: Int
    let kernel: Int
    let stride: Int
    let padding: Int
    let hasBias: Bool

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        try network.check("channels", channels, in: 1...NetworkBuilder.largestSide)
        let window = try network.window(kernel: kernel, stride: stride, padding: padding)
        let patch = [window.image.dimensions[0], kernel, kernel]
        try network.checkSize([channels] + patch)
        try network.checkSize([channels, window.outputHeight, window.outputWidth])
        try network.checkSize(patch + [window.outputHeight, window.outputWidth])
        let operation = Convolution2D(
            window, outputs: channels, hasBias: hasBias, activation: network.takeFollowingActivation())
        network.apply(operation, named: ["weight", "bias"], initialization: .uniform(fanIn: patch.reduce(1, *)))
    }
}
