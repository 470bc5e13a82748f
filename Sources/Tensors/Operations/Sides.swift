/// A figure for each direction of an image, such as the sides of a kernel.
public struct Sides: Sendable, Equatable {
    public let height: Int
    public let width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// The same in both directions.
    public init(_ side: Int) {
        self.init(height: side, width: side)
    }

    var area: Int { height * width }
}

extension Sides: ExpressibleByIntegerLiteral {
    public init(integerLiteral side: Int) { self.init(side) }
}
