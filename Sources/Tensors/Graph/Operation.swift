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
    /// Floats that it keeps besides those, whatever the number of rows.
    var fixedKeptCount: Int { get }
    /// Floats of scratch space for a pass over this many rows; its content is lost between calls.
    func scratchCount(rows: Int) -> Int

    /// Numbers that its passes look up; nil for none.
    var table: PositionTable? { get }

    /// Arithmetic of one row.
    var work: Work { get }

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
    public var fixedKeptCount: Int { 0 }
    public var table: PositionTable? { nil }
    public var work: Work { Work(forward: outputShape.count, backward: outputShape.count) }
    public func scratchCount(rows: Int) -> Int { 0 }
}

/// Floating-point operations, a multiplication with its addition counted as two.
public struct Work: Sendable, Equatable {
    public var forward: Int
    public var backward: Int

    public init(forward: Int, backward: Int) {
        self.forward = forward
        self.backward = backward
    }

    /// A matrix product of this many multiplications, whose backward pass has two of the same size.
    static func product(_ multiplications: Int) -> Work {
        Work(forward: 2 * multiplications, backward: 4 * multiplications)
    }

    static func - (a: Work, b: Work) -> Work {
        Work(forward: a.forward - b.forward, backward: a.backward - b.backward)
    }

    public static func + (a: Work, b: Work) -> Work {
        Work(
            forward: a.forward.saturatingSum(b.forward), backward: a.backward.saturatingSum(b.backward))
    }
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
