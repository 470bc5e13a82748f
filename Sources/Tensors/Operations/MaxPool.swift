import CKernels

/// The largest value under each place of a sliding window, channel by channel, as in PyTorch's `nn.MaxPool2d` and
/// `nn.MaxPool1d`.
/// The gradient goes to the first of the largest values.
public struct MaxPool: Operation {
    public let window: Window
    public let outputShape: Shape

    public init(_ window: Window) {
        self.window = window
        outputShape = window.outputShape(channels: window.channels)
    }

    public var inputShapes: [Shape] { [window.image] }
    /// Where each maximum was found, as 32-bit integers.
    public var keptCount: Int { outputShape.count }

    public func forward(_ pass: ForwardPass) {
        var kernelWindow = window.kernelWindow
        let positions = pass.kept.map { integers($0) }
        let (inputCount, outputCount) = (window.image.count, outputShape.count)
        for row in 0..<pass.rows {
            kernels.max_pool_forward(
                &kernelWindow, pass.input() + row * inputCount, pass.output + row * outputCount,
                positions.map { $0 + row * outputCount })
        }
    }

    public func backward(_ pass: BackwardPass) {
        guard let inputGradient = pass.inputGradient() else { return }
        var kernelWindow = window.kernelWindow
        let positions = integers(pass.kept)
        let (inputCount, outputCount) = (window.image.count, outputShape.count)
        for row in 0..<pass.rows {
            kernels.max_pool_backward(
                &kernelWindow, positions + row * outputCount, pass.outputGradient + row * outputCount,
                inputGradient + row * inputCount)
        }
    }

    /// The kept floats as the integers that only this operation stores there.
    private func integers(_ floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(floats).assumingMemoryBound(to: Int32.self)
    }
}
