extension String {
    /// Line feeds and other control characters in what files and people call things, as Swift would write them.
    package var onOneLine: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
        return unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: false) : "\($0)" }
            .joined()
    }

    /// The beginning of a text that is longer than `limit` bytes, with a mark that something is missing.
    package func shortened(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let mark = " …"
        var end = utf8.index(startIndex, offsetBy: max(0, limit - mark.utf8.count))
        while end > startIndex, String.Index(end, within: self) == nil { end = utf8.index(before: end) }
        return self[..<end] + mark
    }
}
