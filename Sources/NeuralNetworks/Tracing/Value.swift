import Tensors

/// What stands for a row of data while a model is traced: an input, or the result of an operation. It has a shape
/// and no content.
///
/// ```swift
/// struct Gate: Model {
///     let gate = Layers(.linear(outputs: 4), .sigmoid)
///     let head = Layers(.linear(outputs: 1))
///
///     func callAsFunction(_ input: Value) -> Value {
///         let (first, rest) = (input[0..<4], input[4..<input.shape[0]])
///         return head(concatenate(first * gate(rest), rest))
///     }
/// }
///
/// let network = try Network(Gate(), input: [6], task: .regression)
/// print(network.outputCount)
/// ```
public struct Value {
    let trace: Trace
    let value: Graph.Value

    /// Sizes of its dimensions, without that of the batch.
    public var shape: [Int] { value.shape.dimensions }

    /// The sum, element by element; the join of a residual connection.
    public static func + (left: Value, right: Value) -> Value {
        left.trace.combine(left, right, named: "+") { Sum($0) }
    }

    /// The product, element by element.
    public static func * (left: Value, right: Value) -> Value {
        left.trace.combine(left, right, named: "*") { Product($0) }
    }

    /// A part along the last dimension, such as some of the features.
    public subscript(range: Range<Int>) -> Value {
        section(range, axis: shape.count - 1)
    }

    /// A part along one dimension.
    public func section(_ range: Range<Int>, axis: Int) -> Value {
        trace.section(self, range, axis: axis)
    }

    /// Parts of these widths along the last dimension, which they fill: how a model takes several inputs.
    public func split(_ widths: Int...) -> [Value] {
        trace.split(self, widths)
    }

    /// The same elements in another shape of the same size. Costs nothing.
    public func reshaped(_ dimensions: Int...) -> Value {
        trace.reshape(self, dimensions)
    }
}

/// Values side by side along a dimension, by default the last.
public func concatenate(_ values: Value..., axis: Int? = nil) -> Value {
    concatenate(values, axis: axis)
}

/// The same for values in a list, which must not be empty.
public func concatenate(_ values: [Value], axis: Int? = nil) -> Value {
    guard let first = values.first else { preconditionFailure("there is nothing to concatenate") }
    return first.trace.concatenate(values, axis: axis ?? first.shape.count - 1)
}
