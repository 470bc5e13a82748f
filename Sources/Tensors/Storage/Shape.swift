/// The sizes of a tensor's dimensions, outermost first. The batch dimension is never part of it: every operation of a
/// graph works on a number of rows that is known only when it runs.
public struct Shape: Hashable, Sendable {
    public let dimensions: [Int]

    /// Number of elements.
    public let count: Int

    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 > 0 }, "dimensions must be positive, got \(dimensions)")
        self.dimensions = dimensions
        self.count = dimensions.reduce(1, *)
    }
}

extension Shape: ExpressibleByArrayLiteral {
    public init(arrayLiteral dimensions: Int...) {
        self.init(dimensions)
    }
}

extension Shape: CustomStringConvertible {
    /// Such as `[1, 28, 28]`.
    public var description: String { dimensions.description }
}
