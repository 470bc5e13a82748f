extension String {
    /// The beginning of a text that is longer than `limit` bytes, with a mark that something is missing.
    package func shortened(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let mark = " …"
        var end = utf8.index(startIndex, offsetBy: max(0, limit - mark.utf8.count))
        while end > startIndex, String.Index(end, within: self) == nil { end = utf8.index(before: end) }
        return self[..<end] + mark
    }
}
