import CKernels

/// Runs a graph forward and backward on up to a number of rows, in memory that it takes when it is made: no step
/// allocates anything. Used by one thread at a time.
public final class GraphExecutor {
    public enum Purpose: Sendable {
        case training
        /// Takes less memory, and cannot run backward.
        case inference
    }

    public let graph: Graph
    public let maximumRows: Int
    /// Of matrix products in training mode; those of evaluation are in f32, as in serving.
    public let precision: Precision
    let plan: ExecutionPlan
    let buffers: GraphBuffers
    /// Where the graph's result lies after a forward pass that was given no other place.
    private let resultBuffer: UnsafeMutablePointer<Float>
    /// What the backward pass must know of the forward pass before it.
    private var lastPass: (rows: Int, randomness: StepRandomness)?

    public init(_ graph: Graph, maximumRows: Int, purpose: Purpose, precision: Precision = .f32) {
        precondition(maximumRows > 0, "an executor needs room for at least one row, got \(maximumRows)")
        _ = BLAS.startsWithOneThread
        self.graph = graph
        precondition(precision.isSupported, "this CPU does not multiply \(precision)")
        self.maximumRows = maximumRows
        self.precision = precision
        plan = ExecutionPlan(graph, maximumRows: maximumRows, purpose: purpose == .training ? .training : .inference)
        buffers = GraphBuffers(count: plan.arenaCount, values: plan.valueOffsets, gradients: plan.gradientOffsets)
        resultBuffer = buffers.values[plan.output]
        for table in graph.tables { _ = table.values }
    }

    /// What `memoryBytes` of an executor would be, without making one.
    public static func memoryBytes(_ graph: Graph, maximumRows: Int, purpose: Purpose) -> Int {
        let plan = ExecutionPlan(
            graph, maximumRows: maximumRows, purpose: purpose == .training ? .training : .inference)
        return plan.arenaCount * MemoryLayout<Float>.stride
    }

    /// Bytes that the executor keeps for values, gradients and scratch space; `Graph.tableBytes` are shared by all.
    public var memoryBytes: Int { plan.arenaCount * MemoryLayout<Float>.stride }

    /// The graph's result for each row: rows x the output's shape.
    ///
    /// - Parameters:
    ///   - inputs: rows x the input's shape. Must stay as it is until the backward pass is over.
    ///   - randomness: nil in evaluation mode.
    ///   - outputs: where to write the result; nil: a buffer of the executor, overwritten by the next pass.
    @discardableResult
    public func forward(
        inputs: UnsafePointer<Float>, rows: Int, parameters: UnsafePointer<Float>, randomness: StepRandomness?,
        outputs: UnsafeMutablePointer<Float>? = nil
    ) -> UnsafePointer<Float> {
        precondition((0...maximumRows).contains(rows), "the executor has room for \(maximumRows) rows, got \(rows)")
        // The input is only ever read: no operation writes to its inputs.
        buffers.values[Graph.input] = UnsafeMutablePointer(mutating: inputs)
        let isInput = plan.output == Graph.input
        if !isInput { buffers.values[plan.output] = outputs ?? resultBuffer }
        lastPass = randomness.map { (rows, $0) }
        if rows > 0 {
            for node in plan.nodes where !node.isView {
                node.operation.forward(
                    ForwardPass(
                        rows: rows, randomness: randomness, precision: randomness == nil ? .f32 : precision,
                        node: node, buffers: buffers, parameters: parameters))
            }
        }
        if isInput, let outputs { outputs.update(from: inputs, count: rows * graph.outputShape.count) }
        return UnsafePointer(isInput && outputs != nil ? outputs! : buffers.values[plan.output])
    }

    /// Where the gradient of the result goes before `backward`: rows x the output's shape.
    public var outputGradient: UnsafeMutablePointer<Float> { buffers.gradients[plan.output] }

    /// Writes the gradient of every parameter, from `outputGradient` and the values of the last forward pass, which
    /// must have been one with randomness. Overwrites `outputGradient`.
    ///
    /// - Parameter finished: called during the pass with parts of the flat gradients that are final: from the end of
    ///   the buffer to its start, without gaps.
    public func backward(
        parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>, finished: (Range<Int>) -> Void
    ) {
        backward(parameters: parameters, gradients: gradients, finished: finished, inspect: nil)
    }

    /// The same; `inspect` is called with the index of each node whose backward pass has just been run.
    func backward(
        parameters: UnsafePointer<Float>, gradients: UnsafeMutablePointer<Float>, finished: (Range<Int>) -> Void,
        inspect: ((Int) -> Void)?
    ) {
        guard let (rows, randomness) = lastPass else {
            preconditionFailure("a backward pass needs a forward pass in training mode before it")
        }
        guard rows > 0 else {
            gradients.update(repeating: 0, count: graph.layout.count)
            for node in plan.nodes.reversed() where !node.finished.isEmpty { finished(node.finished) }
            return
        }
        for gap in plan.padding { (gradients + gap.lowerBound).update(repeating: 0, count: gap.count) }
        for (index, node) in plan.nodes.enumerated().reversed() {
            if node.hasBackward, !node.isView {
                let pass = BackwardPass(
                    rows: rows, randomness: randomness, precision: precision, node: node, buffers: buffers,
                    parameters: parameters,
                    gradients: gradients)
                node.operation.backward(pass)
                addParts(of: node, rows: rows, gradients: gradients)
                inspect?(index)
            }
            for range in node.cleared { (gradients + range.lowerBound).update(repeating: 0, count: range.count) }
            if !node.finished.isEmpty { finished(node.finished) }
        }
    }

    /// Adds what a node wrote to places of its own because others had written there before.
    private func addParts(of node: NodePlan, rows: Int, gradients: UnsafeMutablePointer<Float>) {
        for gradient in node.inputGradients {
            guard case .part(let offset, let value, let count) = gradient else { continue }
            let sum = buffers.gradients[value]
            kernels.add(sum, buffers.arena.pointer + offset, sum, rows * count)
        }
        for gradient in node.parameterGradients {
            guard case .part(let offset, let place, let count) = gradient else { continue }
            let sum = gradients + place
            kernels.add(sum, buffers.arena.pointer + offset, sum, count)
        }
    }
}
