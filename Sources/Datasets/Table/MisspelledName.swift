import Explanations

/// Finds what a field or column that a model does not read was most likely meant to be.
enum MisspelledName {
    /// Shorter names are near to each other without being meant.
    private static let comparedLength = 4

    /// The one of the names that are `missing` that differs in letter case, `_`, `-` and blanks alone, however short it is;
    /// else the nearest one, where the name is long enough to be told from others.
    static func meaning(of name: String, in missing: [String]) -> String? {
        let wanted = plain(name)
        if !wanted.isEmpty, let same = missing.first(where: { plain($0) == wanted }) { return same }
        return name.count >= comparedLength ? nearestWord(to: name, in: missing) : nil
    }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0 != "_" && $0 != "-" && !$0.isWhitespace })
    }
}
