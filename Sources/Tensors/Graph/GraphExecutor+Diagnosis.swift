/// What a number that is not finite was first found in.
public enum NonFinite: Sendable, Equatable, CustomStringConvertible {
    case input
    /// By its name in the layout.
    case parameter(String)
    /// Of an operation.
    case output(of: String)
    /// What an operation's backward pass gave.
    case gradient(of: String)

    public var description: String {
        switch self {
        case .input: "the input"
        case .parameter(let name): "the parameter \(name)"
        case .output(let operation): "the output of \(operation)"
        case .gradient(let operation): "the gradient of \(operation)"
        }
    }
}

extension GraphExecutor {
    /// The same as `forward`, and then what came first of all that is not finite.
    public func diagnoseForward(
        inputs: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>, randomness: StepRandomness
    ) -> NonFinite? {
        forward(inputs: inputs, rows: rows, parameters: parameters, randomness: randomness)
        if !Self.isFinite(inputs, rows * graph.inputShape.count) { return .input }
        if let entry = graph.layout.entries.first(where: { entry in
            entry.isLearned && !Self.isFinite(parameters + entry.offset, entry.count)
        }) {
            return .parameter(entry.name)
        }
        for (index, node) in plan.nodes.enumerated() where !node.isView {
            let output = UnsafePointer(buffers.values[node.output])
            if !Self.isFinite(output, rows * graph.shapes[node.output].count) { return .output(of: name(of: index)) }
        }
        return nil
    }

    /// The same as `backward`, and then what came first of all that is not finite.
    public func diagnoseBackward(
        rows: Int, parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>
    ) -> NonFinite? {
        var finding: NonFinite?
        let inspect = { [self] (index: Int) in
            let node = plan.nodes[index]
            let isSound =
                node.inputGradients.allSatisfy { gradient in
                    guard case .value(let value) = gradient else { return true }
                    return Self.isFinite(buffers.gradients[value], rows * graph.shapes[value].count)
                }
                && graph.nodes[index].parameters.allSatisfy { parameter in
                    Self.isFinite(gradients + parameter.range.lowerBound, parameter.range.count)
                }
            if !isSound, finding == nil { finding = .gradient(of: name(of: index)) }
        }
        backward(parameters: parameters, gradients: gradients, finished: { _ in }, inspect: inspect)
        return finding
    }

    /// An operation as people can find it: its type, and its parameters or those of the last one before it with any.
    private func name(of index: Int) -> String {
        let type = "\(Swift.type(of: graph.nodes[index].operation))"
        func names(_ node: Graph.Node) -> String {
            node.parameters.map { graph.layout.entries[$0.index].name }.joined(separator: ", ")
        }
        if !graph.nodes[index].parameters.isEmpty { return "\(type) (\(names(graph.nodes[index])))" }
        guard let before = graph.nodes[..<index].last(where: { !$0.parameters.isEmpty }) else {
            return "\(type), operation \(index)"
        }
        return "\(type) behind \(names(before))"
    }

    private static func isFinite(_ values: UnsafePointer<Float>, _ count: Int) -> Bool {
        (0..<count).allSatisfy { values[$0].isFinite }
    }
}
