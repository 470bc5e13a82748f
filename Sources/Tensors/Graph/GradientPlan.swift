/// Which values need a gradient, who adds to a gradient instead of writing it, and when which gradients are final.
struct GradientPlan {
    /// For each value, whether anything that is learned lies before it.
    let isWanted: [Bool]
    /// For each node and input, whether the backward pass of another reader has written that gradient before.
    let addsToInput: [[Bool]]
    /// For each node and parameter, the same.
    let addsToParameter: [[Bool]]
    /// For each node, the part of the flat gradients that its backward pass completes. Over all nodes from the last to
    /// the first these parts run from the end of the buffer to its start without a gap.
    let finished: [Range<Int>]
    /// For each node, the places of frozen parameters whose gradients it is the last to write; they become zero.
    let cleared: [[Range<Int>]]

    init(_ graph: Graph, roots: [Int]) {
        var isWanted = [Bool](repeating: false, count: graph.shapes.count)
        for node in graph.nodes {
            let isLearned = !node.isFrozen || node.inputs.contains { isWanted[roots[$0]] }
            isWanted[roots[node.output]] = isLearned
        }
        self.isWanted = isWanted

        var addsToInput = graph.nodes.map { [Bool](repeating: false, count: $0.inputs.count) }
        var addsToParameter = graph.nodes.map { [Bool](repeating: false, count: $0.parameters.count) }
        var writtenValues: Set<Int> = [roots[graph.output]]
        var writtenParameters: Set<Graph.Parameter> = []
        // Lowest node that uses each parameter: the last one to add to its gradient.
        var lastWriter = [Int](repeating: 0, count: graph.layout.entries.count)
        for (index, node) in graph.nodes.enumerated().reversed() {
            for (place, input) in node.inputs.enumerated() where roots[input] != roots[node.output] {
                addsToInput[index][place] = !writtenValues.insert(roots[input]).inserted
            }
            for (place, parameter) in node.parameters.enumerated() {
                addsToParameter[index][place] = !writtenParameters.insert(parameter).inserted
                lastWriter[parameter.index] = index
            }
        }
        self.addsToInput = addsToInput
        self.addsToParameter = addsToParameter

        var finished = graph.nodes.map { _ in 0..<0 }
        var remaining = graph.layout.entries.count
        var end = graph.layout.count
        for index in graph.nodes.indices.reversed() {
            while remaining > 0, lastWriter[remaining - 1] >= index { remaining -= 1 }
            let start = remaining == graph.layout.entries.count ? end : graph.layout.entries[remaining].offset
            finished[index] = start..<end
            end = start
        }
        self.finished = finished
        self.cleared = graph.nodes.indices.map { index in
            graph.nodes[index].parameters.filter { $0.isFrozen && lastWriter[$0.index] == index }
                .map { graph.layout.entries[$0.index].range }
        }
    }

    /// Whether the backward pass of a node gives anything that is wanted.
    func hasBackward(_ node: Graph.Node, roots: [Int]) -> Bool {
        isWanted[roots[node.output]]
    }
}
