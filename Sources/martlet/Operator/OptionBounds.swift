import ArgumentParser

/// What the numbers of options may be: far beyond what is of use, and far from where arithmetic ends.
enum OptionBounds {
    /// Seconds.
    static let day = 86_400.0

    static func check<Number: Comparable>(
        _ number: Number, of option: String, in range: ClosedRange<Number>
    ) throws {
        guard range.contains(number) else {
            throw ValidationError("\(option) must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
    }
}
