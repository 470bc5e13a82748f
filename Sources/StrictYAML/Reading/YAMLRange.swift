/// A range that can say in words what it holds.
package protocol YAMLRange<Bound> {
    associatedtype Bound
    /// Such as `from 1 to 9`.
    var words: String { get }
    /// A value of the range, to go on with where there was none.
    var standIn: Bound { get }
    func contains(_ value: Bound) -> Bool
    /// Why a value is not in the range that seems to be; nil for others.
    func explanation(of value: Bound) -> String?
}

extension YAMLRange {
    package func explanation(of value: Bound) -> String? { nil }
}

extension ClosedRange: YAMLRange {
    package var words: String { "from \(lowerBound) to \(upperBound)" }
    package var standIn: Bound { lowerBound }
}

extension Range: YAMLRange {
    package var words: String { "from \(lowerBound) to below \(upperBound)" }
    package var standIn: Bound { lowerBound }
}

extension PartialRangeFrom: YAMLRange {
    package var words: String { "of at least \(lowerBound)" }
    package var standIn: Bound { lowerBound }
}

/// The numbers above a bound without the bound itself, for which Swift has no range.
package struct Above: YAMLRange {
    package var bound: Double

    package init(_ bound: Double) { self.bound = bound }

    package var words: String { "above \(bound)" }
    package var standIn: Double { bound + 1 }

    package func contains(_ value: Double) -> Bool { value > bound }
}
