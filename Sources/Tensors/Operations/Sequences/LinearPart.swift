import CKernels

/// A linear layer whose weight and bias are some rows of a larger weight (all outputs x inputs) and bias (all outputs),
/// as the queries, keys and values of PyTorch's `nn.MultiheadAttention` share `in_proj_weight`.
/// Parameters: the whole weight, and the whole bias unless it has none.
public struct LinearPart: Operation {
    public let inputShape: Shape
    /// Rows of the weight.
    public let part: Range<Int>
    public let allOutputs: Int
    public let hasBias: Bool
    private let inputs: Int
    private let repeats: Int

    public init(_ inputShape: Shape, part: Range<Int>, of allOutputs: Int, hasBias: Bool = true) {
        precondition(part.lowerBound >= 0 && part.upperBound <= allOutputs && !part.isEmpty, "no rows \(part)")
        self.inputShape = inputShape
        self.part = part
        self.allOutputs = allOutputs
        self.hasBias = hasBias
        inputs = inputShape.dimensions.last ?? 1
        repeats = inputShape.count / inputs
    }

    public var work: Work { .product(repeats * inputs * part.count) }
    public var inputShapes: [Shape] { [inputShape] }
    public var outputShape: Shape { Shape(inputShape.dimensions.dropLast() + [part.count]) }
    public var parameterShapes: [Shape] { hasBias ? [[allOutputs, inputs], [allOutputs]] : [[allOutputs, inputs]] }

    public func forward(_ pass: ForwardPass) {
        let rows = pass.rows * repeats
        pass.multiply(
            .plain(pass.input(), stride: inputs),
            .transposed(pass.parameter(0) + part.lowerBound * inputs, stride: inputs), into: pass.output, rows: rows,
            columns: part.count, depth: inputs)
        if hasBias {
            kernels.bias_columns_forward(
                .identity, pass.parameter(1) + part.lowerBound, pass.output, rows, part.count)
        }
    }

    public func backward(_ pass: BackwardPass) {
        let rows = pass.rows * repeats
        let gradient = pass.outputGradient
        if hasBias {
            let bias = pass.parameterGradient(1)
            bias.update(repeating: 0, count: allOutputs)
            kernels.bias_columns_backward(
                .identity, pass.output, gradient, bias + part.lowerBound, rows, part.count)
        }
        let weight = pass.parameterGradient(0)
        weight.update(repeating: 0, count: part.lowerBound * inputs)
        (weight + part.upperBound * inputs).update(repeating: 0, count: (allOutputs - part.upperBound) * inputs)
        pass.multiply(
            .transposed(gradient, stride: part.count), .plain(pass.input(), stride: inputs),
            into: weight + part.lowerBound * inputs, rows: part.count, columns: inputs, depth: rows)
        if let inputGradient = pass.inputGradient() {
            pass.multiply(
                .plain(gradient, stride: part.count),
                .plain(pass.parameter(0) + part.lowerBound * inputs, stride: inputs), into: inputGradient,
                rows: rows, columns: inputs, depth: part.count)
        }
    }
}
