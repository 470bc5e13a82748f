extension Int {
    /// For messages: a number of bytes with three digits or so, in powers of ten.
    var asBytes: String {
        let units = ["kB", "MB", "GB", "TB", "PB"]
        guard self >= 1000, var unit = units.first else { return "\(self) bytes" }
        var amount = Double(self) / 1000
        for next in units.dropFirst() where amount >= 999.5 {
            amount /= 1000
            unit = next
        }
        let digits = amount < 10 ? 100.0 : amount < 100 ? 10 : 1
        let rounded = (amount * digits).rounded() / digits
        return "\(rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") \(unit)"
    }
}
