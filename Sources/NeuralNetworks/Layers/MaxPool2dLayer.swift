import Tensors

/// The largest value of each square window; `nn.MaxPool2d`.
struct MaxPool2dLayer: Layer {
    static let kind = "max_pool2d"
    let size: Int
    let stride: Int

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        network.apply(MaxPool2D(try network.window(kernel: size, stride: stride, padding: 0, kernelName: "size")))
    }
}
