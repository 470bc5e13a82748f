import CKernels

/// y = activation(W * x + b), the cross-correlation of PyTorch's `nn.Conv2d`: x (channels x height x width),
/// W (outputs x channels x kernel x kernel), b (outputs). Parameters: W, and b unless it has none.
///
/// Image by image as one matrix product: the patches of x are the columns of a matrix X (channels kernel^2 x pixels),
/// small enough to stay in the cache, and y = W X. Backward, dW = dy X^T and dX = W^T dy. X is made again there: that
/// costs less than to fetch it from memory.
public struct Convolution2D: Operation {
    public let window: Window
    public let outputs: Int
    public let hasBias: Bool
    public let activation: Activation

    public init(_ window: Window, outputs: Int, hasBias: Bool = true, activation: Activation = .identity) {
        self.window = window
        self.outputs = outputs
        self.hasBias = hasBias
        self.activation = activation
    }

    public var inputShapes: [Shape] { [window.image] }
    public var outputShape: Shape { [outputs, window.outputHeight, window.outputWidth] }
    public var parameterShapes: [Shape] {
        let weight: Shape = [outputs, window.channels, window.kernel, window.kernel]
        return hasBias ? [weight, [outputs]] : [weight]
    }
    public var work: Work { .product(outputs * patch * pixels) }
    public func scratchCount(rows: Int) -> Int { patch * pixels }

    /// Inputs of one output.
    private var patch: Int { window.channels * window.kernel * window.kernel }
    /// Outputs of one channel.
    private var pixels: Int { window.outputCount }

    public func forward(_ pass: ForwardPass) {
        var kernelWindow = window.kernelWindow
        let columns = pass.scratch
        for row in 0..<pass.rows {
            let output = pass.output + row * outputs * pixels
            kernels.image_to_columns(&kernelWindow, pass.input() + row * window.image.count, columns)
            BLAS.multiply(
                .plain(pass.parameter(0), stride: patch), .plain(columns, stride: pixels), into: output,
                rows: outputs, columns: pixels, depth: patch)
            if hasBias || activation != .identity {
                kernels.bias_rows_forward(
                    activation.kernel, hasBias ? pass.parameter(1) : nil, output, outputs, pixels)
            }
        }
    }

    public func backward(_ pass: BackwardPass) {
        var kernelWindow = window.kernelWindow
        let columns = pass.scratch
        if hasBias { pass.parameterGradient(1).update(repeating: 0, count: outputs) }
        for row in 0..<pass.rows {
            let gradient = pass.outputGradient + row * outputs * pixels
            if hasBias || activation != .identity {
                kernels.bias_rows_backward(
                    activation.kernel, pass.output + row * outputs * pixels, gradient,
                    hasBias ? pass.parameterGradient(1) : nil, outputs, pixels)
            }
            kernels.image_to_columns(&kernelWindow, pass.input() + row * window.image.count, columns)
            BLAS.multiply(
                .plain(gradient, stride: pixels), .transposed(columns, stride: pixels),
                into: pass.parameterGradient(0), rows: outputs, columns: patch, depth: pixels, adding: row > 0)
            if let inputGradient = pass.inputGradient() {
                BLAS.multiply(
                    .transposed(pass.parameter(0), stride: patch), .plain(gradient, stride: pixels), into: columns,
                    rows: patch, columns: pixels, depth: outputs)
                kernels.columns_to_image(&kernelWindow, columns, inputGradient + row * window.image.count)
            }
        }
    }
}
