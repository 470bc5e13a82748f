/// A differentiable function of one input and a flat buffer of parameters, as a fixed list of operations.
///
/// It is built once, before anything runs; `GraphExecutor` plans memory for it and runs it on any number of rows.
public final class Graph: Sendable {
    /// An input or the result of an operation.
    public struct Value: Sendable, Hashable {
        let index: Int
        public let shape: Shape
    }

    /// A tensor that is learned, or one of running statistics; or some rows of one.
    public struct Parameter: Sendable, Hashable {
        /// Of its entry in the layout.
        let index: Int
        public let shape: Shape
        /// Of the flat buffers.
        let range: Range<Int>
        /// It stays as it is: its gradient is zero.
        public let isFrozen: Bool

        /// Some rows of it: an operation reads only these, and writes only their gradient. All rows must be used, each
        /// as part of one range only.
        public func rows(_ rows: Range<Int>) -> Parameter {
            precondition(
                rows.lowerBound >= 0 && rows.upperBound <= shape.dimensions[0] && !rows.isEmpty,
                "no rows \(rows) in \(shape)")
            let floats = range.count / shape.dimensions[0]
            return Parameter(
                index: index, shape: Shape([rows.count] + shape.dimensions.dropFirst()),
                range: range.lowerBound + rows.lowerBound * floats..<range.lowerBound + rows.upperBound * floats,
                isFrozen: isFrozen)
        }
    }

    struct Node: Sendable {
        let operation: any Operation
        /// Indices of values.
        let inputs: [Int]
        /// Index of a value.
        let output: Int
        let parameters: [Parameter]

        var isFrozen: Bool { parameters.allSatisfy(\.isFrozen) }
    }

    public let layout: ParameterLayout
    public let inputShape: Shape
    public let outputShape: Shape
    public let runningStatistics: [RunningStatistics]
    let initializations: [Initialization]
    let shapes: [Shape]
    /// In an order in which each comes after those that it reads from.
    let nodes: [Node]
    /// Index of the value that is the function's result.
    let output: Int

    init(
        layout: ParameterLayout, initializations: [Initialization], runningStatistics: [RunningStatistics],
        shapes: [Shape], nodes: [Node], output: Int
    ) {
        self.layout = layout
        self.initializations = initializations
        self.runningStatistics = runningStatistics
        self.shapes = shapes
        self.nodes = nodes
        self.output = output
        self.inputShape = shapes[Self.input]
        self.outputShape = shapes[output]
    }

    /// Index of the value that is the function's argument.
    static let input = 0

    /// Fills all parameters with their starting values, which depend on the seed and the parameter's place only, and
    /// the padding with zeroes.
    public func initialize(_ parameters: UnsafeMutablePointer<Float>, seed: UInt64) {
        parameters.update(repeating: 0, count: layout.count)
        for (index, entry) in layout.entries.enumerated() {
            initializations[index].fill(
                parameters + entry.offset, count: entry.count,
                stream: RandomStream(seed: seed, stream: UInt32(index)))
        }
    }
}
