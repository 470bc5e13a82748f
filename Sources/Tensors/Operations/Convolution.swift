import CKernels

/// y = activation(W * x + b), the cross-correlation of PyTorch's `nn.Conv2d` and `nn.Conv1d`: x (channels x height x
/// width), W (outputs x channels / groups x kernel), b (outputs). Parameters: W, and b unless it has none.
///
/// Image by image as one matrix product a group: the patches of x are the columns of a matrix X (channels kernel^2 x
/// pixels), small enough to stay in the cache, and y = W X. Backward, dW = dy X^T and dX = W^T dy. X is made again there:
/// that costs less than to fetch it from memory. Where each channel has kernels of its own the products would be too
/// narrow, so these are computed directly.
public struct Convolution: Operation {
    public let window: Window
    public let outputs: Int
    public let groups: Int
    public let hasBias: Bool
    public let activation: Activation

    /// The groups must divide the channels and the outputs.
    public init(
        _ window: Window, outputs: Int, groups: Int = 1, hasBias: Bool = true, activation: Activation = .identity
    ) {
        precondition(
            window.channels.isMultiple(of: groups) && outputs.isMultiple(of: groups),
            "\(groups) groups do not divide \(window.channels) channels and \(outputs) outputs")
        self.window = window
        self.outputs = outputs
        self.groups = groups
        self.hasBias = hasBias
        self.activation = activation
    }

    public var inputShapes: [Shape] { [window.image] }
    public var outputShape: Shape { window.outputShape(channels: outputs) }
    public var parameterShapes: [Shape] {
        let weight = Shape([outputs] + window.kernelDimensions(channels: channels))
        return hasBias ? [weight, [outputs]] : [weight]
    }
    public var work: Work { .product(outputs * patch * pixels) }
    public func scratchCount(rows: Int) -> Int { isDepthwise ? 0 : patch * pixels }

    /// Inputs of one group.
    private var channels: Int { window.channels / groups }
    /// Outputs of one group.
    private var groupOutputs: Int { outputs / groups }
    /// Inputs of one output.
    private var patch: Int { channels * window.kernel.area }
    /// Outputs of one channel.
    private var pixels: Int { window.output.area }
    private var isDepthwise: Bool { groups > 1 && channels == 1 }

    public func forward(_ pass: ForwardPass) {
        for row in 0..<pass.rows {
            let output = pass.output + row * outputs * pixels
            multiply(pass, pass.input() + row * window.image.count, into: output)
            if hasBias || activation != .identity {
                kernels.bias_rows_forward(
                    activation.kernel, hasBias ? pass.parameter(1) : nil, output, outputs, pixels)
            }
        }
    }

    public func backward(_ pass: BackwardPass) {
        if hasBias { pass.parameterGradient(1).update(repeating: 0, count: outputs) }
        pass.parameterGradient(0).update(repeating: 0, count: outputs * patch)
        for row in 0..<pass.rows {
            let gradient = pass.outputGradient + row * outputs * pixels
            if hasBias || activation != .identity {
                kernels.bias_rows_backward(
                    activation.kernel, pass.output + row * outputs * pixels, gradient,
                    hasBias ? pass.parameterGradient(1) : nil, outputs, pixels)
            }
            differentiate(
                pass, pass.input() + row * window.image.count, gradient,
                pass.inputGradient().map { $0 + row * window.image.count })
        }
    }

    /// One image without bias and activation.
    private func multiply(
        _ pass: ForwardPass, _ image: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
    ) {
        let (weight, columns) = (pass.parameter(0), pass.scratch)
        if isDepthwise {
            var kernelWindow = window.kernelWindow
            return kernels.depthwise_forward(&kernelWindow, groupOutputs, image, weight, output)
        }
        var kernelWindow = window.kernelWindow(channels: channels)
        for group in 0..<groups {
            kernels.image_to_columns(&kernelWindow, image + group * window.image.count / groups, columns)
            pass.multiply(
                .plain(weight + group * groupOutputs * patch, stride: patch), .plain(columns, stride: pixels),
                into: output + group * groupOutputs * pixels, rows: groupOutputs, columns: pixels, depth: patch)
        }
    }

    /// Adds one image's gradient of W, and writes that of the image.
    private func differentiate(
        _ pass: BackwardPass, _ image: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
        _ imageGradient: UnsafeMutablePointer<Float>?
    ) {
        let (weight, weightGradient, columns) = (pass.parameter(0), pass.parameterGradient(0), pass.scratch)
        if isDepthwise {
            var kernelWindow = window.kernelWindow
            return kernels.depthwise_backward(
                &kernelWindow, groupOutputs, image, weight, gradient, weightGradient, imageGradient)
        }
        var kernelWindow = window.kernelWindow(channels: channels)
        for group in 0..<groups {
            let place = group * groupOutputs * patch
            let slopes = gradient + group * groupOutputs * pixels
            let part = group * window.image.count / groups
            if pass.wantsParameterGradients {
                kernels.image_to_columns(&kernelWindow, image + part, columns)
                pass.multiply(
                    .plain(slopes, stride: pixels), .transposed(columns, stride: pixels),
                    into: weightGradient + place, rows: groupOutputs, columns: patch, depth: pixels, adding: true)
            }
            if let imageGradient {
                pass.multiply(
                    .transposed(weight + place, stride: patch), .plain(slopes, stride: pixels), into: columns,
                    rows: patch, columns: pixels, depth: groupOutputs)
                kernels.columns_to_image(&kernelWindow, columns, imageGradient + part)
            }
        }
    }
}
