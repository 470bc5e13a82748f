extension Int {
    /// Of decimal digits alone, as this program itself writes them: no sign, no leading zero, no space. `Int` takes
    /// `+3` and `003` as well, so that one thing has many names. Nil for anything else, and for what is too large.
    package init?(digits text: some StringProtocol) {
        let digits = text.utf8
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        self.init(text)
    }
}
