/// Everything about running a graph that can be decided before it runs: who writes where, which buffers share memory,
/// and when the gradients of which parameters are final.
struct ExecutionPlan {
    enum Purpose {
        /// Forward and backward passes; every value is kept until its backward pass is over.
        case training
        /// Forward passes only; a value's memory is used again once its last reader is done.
        case inference
    }

    let nodes: [NodePlan]
    /// The value whose buffer is the graph's result.
    let output: Int
    /// Floats of the arena.
    let arenaCount: Int
    /// For each value, floats from the start of the arena to its content; meaningless for the graph's input.
    let valueOffsets: [Int]
    /// For each value, floats from the start of the arena to its gradient; meaningless where there is none.
    let gradientOffsets: [Int]
    /// The gaps between parameters in the flat buffers.
    let padding: [Range<Int>]

    init(_ graph: Graph, maximumRows: Int, purpose: Purpose) {
        let roots = Self.roots(of: graph, purpose: purpose)
        let gradients = GradientPlan(graph, roots: roots)
        let memory = BufferPlan(graph, roots: roots, gradients: gradients, maximumRows: maximumRows, purpose: purpose)
        nodes = graph.nodes.indices.map { index in
            let node = graph.nodes[index]
            return NodePlan(
                operation: node.operation,
                isView: Self.isView(node.operation, purpose: purpose),
                inputs: node.inputs.map { roots[$0] },
                output: roots[node.output],
                parameterOffsets: node.parameters.map(\.range.lowerBound),
                inputGradients: node.inputs.indices.map { place in
                    let value = roots[node.inputs[place]]
                    guard gradients.isWanted[value] else { return .none }
                    guard let part = memory.inputParts[index][place] else { return .value(value) }
                    return .part(offset: part, of: value, count: graph.shapes[value].count)
                },
                parameterGradients: node.parameters.indices.map { place in
                    let range = node.parameters[place].range
                    guard let part = memory.parameterParts[index][place] else { return .flat(range.lowerBound) }
                    return .part(offset: part, of: range.lowerBound, count: range.count)
                },
                hasBackward: gradients.hasBackward(node, roots: roots),
                keptOffset: memory.kept[index],
                forwardScratchOffset: memory.forwardScratch[index],
                backwardScratchOffset: memory.backwardScratch[index],
                wantsParameterGradients: !node.isFrozen,
                cleared: gradients.cleared[index],
                finished: gradients.finished[index])
        }
        output = roots[graph.output]
        arenaCount = memory.count
        valueOffsets = memory.values
        gradientOffsets = memory.gradients
        let entries = graph.layout.entries
        let starts = entries.dropFirst().map(\.offset) + [graph.layout.count]
        padding = zip(entries, starts).map { $0.range.upperBound..<$1 }.filter { !$0.isEmpty }
    }

    static func isView(_ operation: any Operation, purpose: Purpose) -> Bool {
        switch operation.placement {
        case .own: false
        case .sharesInput: true
        case .sharesInputInInference: purpose == .inference
        }
    }

    /// For each value, the value whose buffer it lies in: itself unless it is a view.
    private static func roots(of graph: Graph, purpose: Purpose) -> [Int] {
        var roots = Array(graph.shapes.indices)
        for node in graph.nodes where isView(node.operation, purpose: purpose) {
            roots[node.output] = roots[node.inputs[0]]
        }
        return roots
    }
}
