/// Puts a graph together, operation by operation. Not copyable: a copy would miss the operations that are added later.
public struct GraphBuilder: ~Copyable {
    private var layout = ParameterLayout()
    private var initializations: [Initialization] = []
    private var shapes: [Shape]
    private var nodes: [Graph.Node] = []

    /// The function's argument.
    public let input: Graph.Value

    public init(input shape: Shape) {
        self.shapes = [shape]
        self.input = Graph.Value(index: Graph.input, shape: shape)
    }

    /// Declares a parameter. Those declared last get their final gradient first, so declare them in the order of use.
    public mutating func parameter(
        _ name: String, shape: Shape, initialization: Initialization
    ) -> Graph.Parameter {
        precondition(layout.entry(named: name) == nil, "two parameters are named \(name)")
        layout.append(name: name, shape: shape)
        initializations.append(initialization)
        return Graph.Parameter(index: initializations.count - 1)
    }

    /// Adds an operation and gives its result. The shapes must be those that the operation was made for.
    public mutating func apply(
        _ operation: some Operation, to inputs: Graph.Value..., parameters: [Graph.Parameter] = []
    ) -> Graph.Value {
        apply(operation, to: inputs, parameters: parameters)
    }

    /// The same for inputs in a list.
    public mutating func apply(
        _ operation: some Operation, to inputs: [Graph.Value], parameters: [Graph.Parameter] = []
    ) -> Graph.Value {
        precondition(
            inputs.map(\.shape) == operation.inputShapes,
            "\(operation) needs inputs of \(operation.inputShapes), got \(inputs.map(\.shape))")
        let given = parameters.map { layout.entries[$0.index].shape }
        precondition(
            given == operation.parameterShapes.map(\.dimensions),
            "\(operation) needs parameters of \(operation.parameterShapes), got \(given)")
        let output = Graph.Value(index: shapes.count, shape: operation.outputShape)
        shapes.append(output.shape)
        nodes.append(
            Graph.Node(
                operation: operation, inputs: inputs.map(\.index), output: output.index,
                parameters: parameters.map(\.index)))
        return output
    }

    /// The function from the input to this value. Every parameter and every result of an operation must be part of it:
    /// one that is not has no gradient.
    public consuming func build(output: Graph.Value) -> Graph {
        let unread = Set(nodes.map(\.output)).subtracting(nodes.flatMap(\.inputs) + [output.index])
        precondition(unread.isEmpty, "no operation reads the results \(unread.sorted())")
        let unused = Set(layout.entries.indices).subtracting(nodes.flatMap(\.parameters))
        precondition(unused.isEmpty, "no operation uses \(unused.sorted().map { layout.entries[$0].name })")
        return Graph(
            layout: layout, initializations: initializations, shapes: shapes, nodes: nodes, output: output.index)
    }
}
