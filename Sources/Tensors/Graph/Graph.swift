/// A differentiable function of one input and a flat buffer of parameters, as a fixed list of operations.
///
/// It is built once, before anything runs; `GraphExecutor` plans memory for it and runs it on any number of rows.
public final class Graph: Sendable {
    /// An input or the result of an operation.
    public struct Value: Sendable, Hashable {
        let index: Int
        public let shape: Shape
    }

    /// A tensor that is learned, or one of running statistics.
    public struct Parameter: Sendable, Hashable {
        let index: Int
        /// It stays as it is: its gradient is zero.
        public let isFrozen: Bool
    }

    struct Node: Sendable {
        let operation: any Operation
        /// Indices of values.
        let inputs: [Int]
        /// Index of a value.
        let output: Int
        /// Indices of parameters.
        let parameters: [Int]
    }

    public let layout: ParameterLayout
    public let inputShape: Shape
    public let outputShape: Shape
    public let runningStatistics: [RunningStatistics]
    /// Indices of the parameters that stay as they are.
    let frozen: Set<Int>
    let initializations: [Initialization]
    let shapes: [Shape]
    /// In an order in which each comes after those that it reads from.
    let nodes: [Node]
    /// Index of the value that is the function's result.
    let output: Int

    init(
        layout: ParameterLayout, initializations: [Initialization], frozen: Set<Int>,
        runningStatistics: [RunningStatistics], shapes: [Shape], nodes: [Node], output: Int
    ) {
        self.layout = layout
        self.initializations = initializations
        self.frozen = frozen
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
