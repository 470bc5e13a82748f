/// A layer that normalises by the mean and variance of the rows at hand while training.
public struct BatchStatistics: Sendable, Equatable {
    /// Of the layer's scale, such as `1.weight`.
    public let parameter: String
    /// Values of a channel in one row: its pixels.
    public let valuesPerRow: Int
}

extension Graph {
    /// The layers whose statistics are those of the rows at hand, so that it matters how many rows there are.
    public var batchStatistics: [BatchStatistics] {
        nodes.compactMap { node in
            guard let operation = node.operation as? BatchNormalization, !operation.usesRunningStatistics,
                let scale = node.parameters.first
            else { return nil }
            return BatchStatistics(
                parameter: layout.entries[scale.index].name,
                valuesPerRow: operation.shape.count / operation.shape.dimensions[0])
        }
    }
}
