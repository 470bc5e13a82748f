import Tensors

/// A graph with parameters, a batch and a made-up loss, the sum of result x weight with fixed random weights.
final class GraphBench {
    let graph: Graph
    let executor: GraphExecutor
    let rows: Int
    let parameters: FloatBuffer
    let gradients: FloatBuffer
    let inputs: FloatBuffer
    let weights: FloatBuffer
    let randomness = StepRandomness(seed: 8, step: 2, firstRow: 3)

    init(_ graph: Graph, rows: Int, seed: UInt64 = 1, inputs range: ClosedRange<Float> = -1...1) {
        self.graph = graph
        self.rows = rows
        executor = GraphExecutor(graph, maximumRows: rows, purpose: .training)
        parameters = FloatBuffer(count: graph.layout.count)
        gradients = FloatBuffer(count: graph.layout.count)
        inputs = FloatBuffer(count: rows * graph.inputShape.count)
        weights = FloatBuffer(count: rows * graph.outputShape.count)
        graph.initialize(parameters.pointer, seed: seed)
        RandomStream(seed: seed, stream: 1000)
            .fill(inputs.pointer, count: inputs.count, low: range.lowerBound, high: range.upperBound)
        RandomStream(seed: seed, stream: 1001).fill(weights.pointer, count: weights.count, low: -1, high: 1)
    }

    /// The loss with the parameters as they are.
    func loss() -> Double {
        let outputs = executor.forward(
            inputs: inputs.pointer, rows: rows, parameters: parameters.pointer, randomness: randomness)
        return (0..<weights.count).reduce(0) { $0 + Double(outputs[$1]) * Double(weights.pointer[$1]) }
    }

    /// Computes the loss and writes its gradient.
    @discardableResult
    func backward(finished: (Range<Int>) -> Void = { _ in }) -> Double {
        let loss = loss()
        executor.outputGradient.update(from: weights.pointer, count: weights.count)
        executor.backward(parameters: parameters.pointer, gradients: gradients.pointer, finished: finished)
        return loss
    }

    /// How far the gradient of one float of the parameters is from the slope of the loss there, told from losses a
    /// little to its left and right. Where a kink of a maximum lies on one side, the slope is that of the other side.
    func error(at index: Int, step: Float) -> Double {
        let value = parameters.pointer[index]
        defer { parameters.pointer[index] = value }
        let points = [value - step, value, value + step]
        let losses = points.map { point in
            parameters.pointer[index] = point
            return loss()
        }
        let slopes = [(0, 2), (0, 1), (1, 2)].map { left, right in
            (losses[right] - losses[left]) / (Double(points[right]) - Double(points[left]))
        }
        return slopes.map { abs($0 - Double(gradients.pointer[index])) }.min() ?? .infinity
    }
}
