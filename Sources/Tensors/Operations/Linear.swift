import CKernels

/// y = activation(x W^T + b), over the last dimension: x (rows x inputs), W (outputs x inputs), b (outputs), as in
/// PyTorch's `nn.Linear`. Parameters: W, and b unless it has none.
///
/// With dy' = dy activation'(y): dW = dy'^T x, db = column sums of dy', dx = dy' W.
public struct Linear: Operation {
    public let inputShape: Shape
    public let outputs: Int
    public let hasBias: Bool
    public let activation: Activation
    private let inputs: Int
    /// How often the last dimension is repeated within one row.
    private let repeats: Int

    public init(_ inputShape: Shape, outputs: Int, hasBias: Bool = true, activation: Activation = .identity) {
        self.inputShape = inputShape
        self.outputs = outputs
        self.hasBias = hasBias
        self.activation = activation
        self.inputs = inputShape.dimensions.last ?? 1
        self.repeats = inputShape.count / inputs
    }

    public var inputShapes: [Shape] { [inputShape] }
    public var outputShape: Shape { Shape(inputShape.dimensions.dropLast() + [outputs]) }
    public var parameterShapes: [Shape] { hasBias ? [[outputs, inputs], [outputs]] : [[outputs, inputs]] }

    public var work: Work { .product(repeats * inputs * outputs) }

    public func forward(_ pass: ForwardPass) {
        let rows = pass.rows * repeats
        let output = pass.output
        pass.multiply(
            .plain(pass.input(), stride: inputs), .transposed(pass.parameter(0), stride: inputs), into: output,
            rows: rows, columns: outputs, depth: inputs)
        if hasBias || activation != .identity {
            kernels.bias_columns_forward(
                activation.kernel, hasBias ? pass.parameter(1) : nil, output, rows, outputs)
        }
    }

    public func backward(_ pass: BackwardPass) {
        let rows = pass.rows * repeats
        let gradient = pass.outputGradient
        if hasBias || activation != .identity {
            kernels.bias_columns_backward(
                activation.kernel, pass.output, gradient, hasBias ? pass.parameterGradient(1) : nil, rows, outputs)
        }
        if pass.wantsParameterGradients {
            pass.multiply(
                .transposed(gradient, stride: outputs), .plain(pass.input(), stride: inputs),
                into: pass.parameterGradient(0), rows: outputs, columns: inputs, depth: rows)
        }
        if let inputGradient = pass.inputGradient() {
            pass.multiply(
                .plain(gradient, stride: outputs), .plain(pass.parameter(0), stride: inputs), into: inputGradient,
                rows: rows, columns: inputs, depth: outputs)
        }
    }
}
