import ArgumentParser

/// What the numbers of options may be: far beyond what is of use, and far from where arithmetic ends.
enum OptionBounds {
    /// Processes of a cluster, and threads of one of them; as in a cluster file.
    static let largestCluster = 256
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
