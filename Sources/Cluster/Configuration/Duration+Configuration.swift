/// Durations in configuration files: a whole number and its unit, `500ms`, `3s`, `2min`.
extension Duration {
    private static let units: [(name: String, milliseconds: Int64)] = [("ms", 1), ("s", 1000), ("min", 60000)]

    /// Nil when the text is not a duration longer than nothing.
    init?(configurationText text: some StringProtocol) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let name = text.dropFirst(digits.count)
        guard let unit = Self.units.first(where: { $0.name == name }), let count = Int64(digits), count > 0 else {
            return nil
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, milliseconds <= 86_400_000 else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// In the largest unit that gives a whole number; anything below a millisecond is dropped.
    var configurationText: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        let unit = Self.units.last { milliseconds % $0.milliseconds == 0 } ?? Self.units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
