/// Rows ready to learn from.
public struct Samples: Sendable, Equatable {
    public var rows: Int
    /// Inputs of one row.
    public var featureCount: Int
    /// Row-major, rows x `featureCount`.
    public var features: [Float]
    /// Numbers to learn of one row.
    public var targetCount: Int
    /// Row-major, rows x `targetCount`: numbers, or indices of classes or tokens, -1 where there is none.
    public var targets: [Float]

    public init(rows: Int, featureCount: Int, features: [Float], targetCount: Int = 1, targets: [Float]) {
        precondition(features.count == rows * featureCount && targets.count == rows * targetCount)
        self.rows = rows
        self.featureCount = featureCount
        self.features = features
        self.targetCount = targetCount
        self.targets = targets
    }
}
