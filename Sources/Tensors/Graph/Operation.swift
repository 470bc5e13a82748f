/// A differentiable function of some values of a graph. Each lives in a file of its own with its shape rule, its
/// forward and its backward pass.
///
/// An operation is immutable and knows the shapes of its inputs, so what it needs is known before anything runs and
/// nothing is allocated while it runs. Shapes never include the batch dimension; buffers hold one row after another.
public protocol Operation: Sendable {
    /// Shapes of the inputs that it was made for.
    var inputShapes: [Shape] { get }
    var outputShape: Shape { get }
    /// Shapes of its parameters, such as weight and bias.
    var parameterShapes: [Shape] { get }
    /// Where the output lies.
    var placement: OutputPlacement { get }
    /// Floats for each row that the forward pass keeps for the backward pass, besides inputs and output.
    var keptCount: Int { get }
    /// Floats of scratch space for a pass over this many rows; its content is lost between calls.
    func scratchCount(rows: Int) -> Int

    /// Writes the output.
    func forward(_ pass: ForwardPass)
    /// Writes (never adds to) the gradient of each input that has one and of each parameter. May overwrite the gradient
    /// of the output, which nobody reads afterwards.
    func backward(_ pass: BackwardPass)
}

extension Operation {
    public var parameterShapes: [Shape] { [] }
    public var placement: OutputPlacement { .own }
    public var keptCount: Int { 0 }
    public func scratchCount(rows: Int) -> Int { 0 }
}

/// Where an operation's output lies.
public enum OutputPlacement: Sendable {
    /// In a buffer of its own.
    case own
    /// It is its first input under another shape; neither pass is called.
    case sharesInput
    /// As `sharesInput` in graphs that are only evaluated, `own` in those that are trained.
    case sharesInputInInference
}
