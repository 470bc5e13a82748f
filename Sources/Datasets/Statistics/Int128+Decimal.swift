extension Int128 {
    /// The whole number that a decimal is, exactly and however it is written (`12`, `+012.0`, `1.2e1`); nil where it is none,
    /// or too large.
    init?(decimal text: String) {
        if let whole = Int128(text) {
            self = whole
            return
        }
        let halves = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard var exponent = halves.count == 1 ? 0 : Int(halves[1]), abs(exponent) <= 1000 else { return nil }
        let parts = halves[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var digits = parts.joined()
        exponent -= parts.count == 1 ? 0 : parts[1].utf8.count
        while exponent < 0, digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        // More zeros are more than fit, but behind nothing else than zeros.
        guard (0...40).contains(exponent) else { return nil }
        self.init(digits + String(repeating: "0", count: exponent))
    }
}
