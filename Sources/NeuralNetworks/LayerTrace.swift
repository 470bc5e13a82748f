public import Tensors

/// What one layer does to the shape of a row, and what it costs.
public struct LayerTrace: Sendable, Equatable {
    /// Such as `layers[3].residual.layers[1]`, or `head`.
    public let path: String
    /// Such as `conv2d`.
    public let kind: String
    /// 0, or one more than that of the container. A container comes before its content and includes it.
    public let depth: Int
    /// Of one row.
    public let outputShape: [Int]
    /// Floats that are learned, frozen ones included.
    public let parameterCount: Int
    /// Floating-point operations of one row.
    public let work: Work
    /// Bytes of one row that the layer keeps from its forward to its backward pass.
    public let activationBytes: Int
    /// It is applied by the layer before it, which counts its cost.
    public let isFused: Bool
}

extension Network {
    /// Learned floats of the whole network.
    public var parameterCount: Int { layout.parameterCount }

    /// Floating-point operations of one row.
    public var work: Work {
        trace.filter { $0.depth == 0 }.reduce(Work(forward: 0, backward: 0)) { $0 + $1.work }
    }

    /// Bytes that an executor for so many rows takes for values, their gradients and scratch space; the largest integer
    /// where they are more than can be addressed.
    public func memoryBytes(rows: Int, purpose: GraphExecutor.Purpose) -> Int {
        // What a row takes is at most what a single one does.
        let bound = GraphExecutor.memoryBytes(graph, maximumRows: 1, purpose: purpose).saturatingProduct(rows)
        return bound > Self.addressable
            ? .max : GraphExecutor.memoryBytes(graph, maximumRows: rows, purpose: purpose)
    }

    /// Bytes of the tables of positions that layers look up, which all executors share.
    public var tableBytes: Int { graph.tableBytes }

    /// Bytes, far more than any machine has and far less than an integer can count.
    private static let addressable = 1 << 52
}
