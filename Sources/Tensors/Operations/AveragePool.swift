import CKernels

/// The mean under each place of a sliding window, channel by channel, as in PyTorch's `nn.AvgPool2d` and `nn.AvgPool1d`:
/// padding counts as zeroes.
public struct AveragePool: Operation {
    public let window: Window
    public let outputShape: Shape

    public init(_ window: Window) {
        self.window = window
        outputShape = window.outputShape(channels: window.channels)
    }

    public var inputShapes: [Shape] { [window.image] }
    public var work: Work {
        let additions = outputShape.count * window.kernel.area
        return Work(forward: additions, backward: additions)
    }

    public func forward(_ pass: ForwardPass) {
        var kernelWindow = window.kernelWindow
        for row in 0..<pass.rows {
            kernels.average_pool_forward(
                &kernelWindow, pass.input() + row * window.image.count, pass.output + row * outputShape.count)
        }
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        var kernelWindow = window.kernelWindow
        for row in 0..<pass.rows {
            kernels.average_pool_backward(
                &kernelWindow, pass.outputGradient + row * outputShape.count, inputGradient + row * window.image.count)
        }
    }
}
