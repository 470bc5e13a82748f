import Tensors

extension Network {
    /// The network of a model, whose function is called once to find out what it does.
    ///
    /// - Parameters:
    ///   - model: a struct whose properties hold its layers.
    ///   - input: shape of one row, as in `ModelSpecification.input`.
    ///   - task: what the outputs mean. Their number is the last dimension of the model's result.
    /// - Throws: `ModelError`, or `NetworkError` if the result does not fit the task.
    public convenience init(_ model: some Model, input: [Int], task: ModelSpecification.Task) throws {
        let (graph, layers) = try Trace.graph(of: model, input: try Self.checkedInput(input))
        let outputs = graph.outputShape.dimensions.last ?? 1
        try Self.check(outputs, for: task)
        try self.init(
            ModelSpecification(family: .sequential, task: task, input: input, outputs: outputs), graph: graph,
            trace: layers)
    }
}
