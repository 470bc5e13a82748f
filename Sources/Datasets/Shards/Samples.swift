/// Rows ready to learn from.
public struct Samples: Sendable, Equatable {
    public var rows: Int
    /// Inputs of one row.
    public var featureCount: Int
    /// Row-major, rows x `featureCount`.
    public var features: [Float]
    /// One per row: a number, or the index of a class.
    public var targets: [Float]

    public init(rows: Int, featureCount: Int, features: [Float], targets: [Float]) {
        precondition(features.count == rows * featureCount && targets.count == rows)
        self.rows = rows
        self.featureCount = featureCount
        self.features = features
        self.targets = targets
    }
}
