/// The losses of some rows added up, and what they count together.
public struct LossSum: Sendable, Equatable {
    public var loss: Double
    public var weight: Double

    public init(loss: Double = 0, weight: Double = 0) {
        self.loss = loss
        self.weight = weight
    }

    /// Nil where nothing counts: rows without a label, or of classes without a weight, have no mean.
    public var mean: Double? { weight == 0 ? nil : loss / weight }

    public static func += (sum: inout LossSum, other: LossSum) {
        sum.loss += other.loss
        sum.weight += other.weight
    }
}
