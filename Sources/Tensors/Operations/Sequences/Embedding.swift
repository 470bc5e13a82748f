import CKernels

/// y[t] = row ids[t] of a table (vocabulary x width), as in PyTorch's `nn.Embedding`. Parameter: the table.
///
/// Ids are whole numbers as floats. -1 stands for padding and gives zeroes, any other number that is no id of the
/// vocabulary NaN, so that it shows in the loss. The gradient of the table is summed in the order of the batch.
public struct Embedding: Operation {
    public let inputShape: Shape
    public let vocabulary: Int
    public let width: Int

    /// - Parameter inputShape: of the ids, such as `[positions]`.
    public init(_ inputShape: Shape, vocabulary: Int, width: Int) {
        self.inputShape = inputShape
        self.vocabulary = vocabulary
        self.width = width
    }

    public var inputShapes: [Shape] { [inputShape] }
    public var outputShape: Shape { Shape(inputShape.dimensions + [width]) }
    public var parameterShapes: [Shape] { [[vocabulary, width]] }

    public func forward(_ pass: ForwardPass) {
        kernels.embedding_forward(
            pass.input(), pass.parameter(0), pass.output, pass.rows * inputShape.count, vocabulary, width)
    }

    public func backward(_ pass: BackwardPass) {
        kernels.embedding_backward(
            pass.input(), pass.outputGradient, pass.parameterGradient(0), pass.rows * inputShape.count, vocabulary,
            width)
        // Nothing changes with a small change of an id.
        pass.inputGradient()?.update(repeating: 0, count: pass.rows * inputShape.count)
    }
}
