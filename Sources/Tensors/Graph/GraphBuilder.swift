/// Puts a graph together, operation by operation. Not copyable: a copy would miss the operations that are added later.
public struct GraphBuilder: ~Copyable {
    private var layout = ParameterLayout()
    private var initializations: [Initialization] = []
    private var runningStatistics: [RunningStatistics] = []
    private var shapes: [Shape]
    private var nodes: [Graph.Node] = []

    /// Of the operations so far.
    public private(set) var totals = GraphTotals()

    /// The function's argument.
    public let input: Graph.Value

    public init(input shape: Shape) {
        self.shapes = [shape]
        self.input = Graph.Value(index: Graph.input, shape: shape)
    }

    /// Declares a parameter. Those declared last get their final gradient first, so declare them in the order of use.
    ///
    /// - Parameter isFrozen: it stays as it is; no gradient is computed where that can be avoided, and it is zero.
    public mutating func parameter(
        _ name: String, shape: Shape, initialization: Initialization, isFrozen: Bool = false
    ) -> Graph.Parameter {
        declare(name, shape, initialization, isFrozen: isFrozen, isLearned: true)
    }

    /// Declares averages over the batches, each with its starting value, and behind them the number of batches.
    ///
    /// The operation that uses them writes to the places of their gradients what it measured, times its rows, and to
    /// that of the number of batches its rows.
    public mutating func runningStatistics(
        _ averages: [(name: String, shape: Shape, start: Float)], batches: String, momentum: Float,
        isFrozen: Bool = false
    ) -> [Graph.Parameter] {
        var parameters = averages.map {
            declare($0.name, $0.shape, .constant($0.start), isFrozen: isFrozen, isLearned: false)
        }
        parameters.append(declare(batches, [], .constant(0), isFrozen: isFrozen, isLearned: false))
        if !isFrozen {
            let ranges = parameters.map { layout.entries[$0.index].range }
            runningStatistics.append(
                RunningStatistics(
                    averages: ranges.dropLast(), batches: ranges.last!.lowerBound, momentum: momentum))
        }
        return parameters
    }

    private mutating func declare(
        _ name: String, _ shape: Shape, _ initialization: Initialization, isFrozen: Bool, isLearned: Bool
    ) -> Graph.Parameter {
        precondition(layout.entry(named: name) == nil, "two parameters are named \(name)")
        layout.append(name: name, shape: shape, isLearned: isLearned)
        if isLearned { totals.parameters += shape.count }
        initializations.append(initialization)
        let entry = layout.entries[layout.entries.count - 1]
        return Graph.Parameter(
            index: layout.entries.count - 1, shape: shape, range: entry.range, isFrozen: isFrozen)
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
        precondition(
            parameters.map(\.shape) == operation.parameterShapes,
            "\(operation) needs parameters of \(operation.parameterShapes), got \(parameters.map(\.shape))")
        let output = Graph.Value(index: shapes.count, shape: operation.outputShape)
        shapes.append(output.shape)
        totals.work = totals.work + operation.work
        if case .sharesInput = operation.placement {} else { totals.kept += output.shape.count }
        totals.kept += operation.keptCount
        nodes.append(
            Graph.Node(
                operation: operation, inputs: inputs.map(\.index), output: output.index, parameters: parameters))
        return output
    }

    /// The function from the input to this value. Every parameter and every result of an operation must be part of it:
    /// one that is not has no gradient.
    public consuming func build(output: Graph.Value) -> Graph {
        let unread = Set(nodes.map(\.output)).subtracting(nodes.flatMap(\.inputs) + [output.index])
        precondition(unread.isEmpty, "no operation reads the results \(unread.sorted())")
        let used = Dictionary(grouping: Set(nodes.flatMap(\.parameters)), by: \.index)
        for (index, entry) in layout.entries.enumerated() {
            let ranges = (used[index] ?? []).map(\.range).sorted { $0.lowerBound < $1.lowerBound }
            precondition(
                ranges.first?.lowerBound == entry.offset && ranges.last?.upperBound == entry.range.upperBound
                    && zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound },
                "no operation, or more than one range, uses parts of \(entry.name)")
        }
        return Graph(
            layout: layout, initializations: initializations, runningStatistics: runningStatistics, shapes: shapes,
            nodes: nodes, output: output.index)
    }
}
