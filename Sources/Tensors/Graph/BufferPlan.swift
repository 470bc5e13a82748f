/// Where in the arena everything lies that a graph needs while it runs.
///
/// Time is counted in operations: node i runs forward at i and backward at 2 n - i, and the loss is computed at n.
struct BufferPlan {
    /// Floats of the arena.
    let count: Int
    /// For each value, the offset of its content.
    let values: [Int]
    /// For each value, the offset of its gradient.
    let gradients: [Int]
    /// For each node, the offset of what it keeps for its backward pass.
    let kept: [Int?]
    let forwardScratch: [Int]
    let backwardScratch: [Int]
    /// For each node and input, the offset of a gradient that is added to that of another reader.
    let inputParts: [[Int?]]
    /// For each node and parameter, the same.
    let parameterParts: [[Int?]]

    init(
        _ graph: Graph, roots: [Int], gradients wanted: GradientPlan, maximumRows: Int, purpose: ExecutionPlan.Purpose
    ) {
        let last = graph.nodes.count
        func backward(_ index: Int) -> Int { 2 * last - index }
        let isTraining = purpose == .training
        var plan = MemoryPlan()

        // Last node that reads each value, first the loss for the result.
        var lastReader = [Int](repeating: 0, count: graph.shapes.count)
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs { lastReader[roots[input]] = index }
        }
        lastReader[roots[graph.output]] = last

        var values = [MemoryPlan.Buffer?](repeating: nil, count: graph.shapes.count)
        var gradients = values
        for (index, node) in graph.nodes.enumerated() where roots[node.output] == node.output {
            let floats = maximumRows * graph.shapes[node.output].count
            let reader = lastReader[node.output]
            values[node.output] = plan.request(
                floats, during: index...(isTraining ? backward(index) : max(reader, index)))
            // The loss writes the gradient of the result, even where all parameters are frozen.
            if isTraining, wanted.isWanted[node.output] || node.output == roots[graph.output] {
                gradients[node.output] = plan.request(floats, during: backward(reader)...backward(index))
            }
        }

        var kept: [MemoryPlan.Buffer?] = []
        var forwardScratch: [MemoryPlan.Buffer?] = []
        var backwardScratch: [MemoryPlan.Buffer?] = []
        var inputParts: [[MemoryPlan.Buffer?]] = []
        var parameterParts: [[MemoryPlan.Buffer?]] = []
        for (index, node) in graph.nodes.enumerated() {
            let times = index...index
            let backwardTimes = backward(index)...backward(index)
            let keptCount = maximumRows * node.operation.keptCount + node.operation.fixedKeptCount
            let scratchCount = node.operation.scratchCount(rows: maximumRows)
            kept.append(isTraining && keptCount > 0 ? plan.request(keptCount, during: index...backward(index)) : nil)
            forwardScratch.append(plan.request(scratchCount, during: times))
            backwardScratch.append(isTraining ? plan.request(scratchCount, during: backwardTimes) : nil)
            inputParts.append(
                node.inputs.indices.map { place in
                    let value = roots[node.inputs[place]]
                    guard isTraining, wanted.isWanted[value], wanted.addsToInput[index][place] else { return nil }
                    return plan.request(maximumRows * graph.shapes[value].count, during: backwardTimes)
                })
            parameterParts.append(
                node.parameters.indices.map { place in
                    guard isTraining, wanted.addsToParameter[index][place] else { return nil }
                    return plan.request(node.parameters[place].range.count, during: backwardTimes)
                })
        }

        let layout = plan.layOut()
        func offset(_ buffer: MemoryPlan.Buffer?) -> Int? { buffer.map { layout.offset(of: $0) } }
        self.count = layout.count
        self.values = values.map { offset($0) ?? 0 }
        self.gradients = gradients.map { offset($0) ?? 0 }
        self.kept = kept.map(offset)
        self.forwardScratch = forwardScratch.map { offset($0) ?? 0 }
        self.backwardScratch = backwardScratch.map { offset($0) ?? 0 }
        self.inputParts = inputParts.map { $0.map(offset) }
        self.parameterParts = parameterParts.map { $0.map(offset) }
    }
}
