/// What is told of a table that is not written as RFC 4180 has it.
enum TableForm {
    static let returnsAlone =
        "lines end with a carriage return alone, expected LF or CR LF: convert the file, for example by "
        + "`tr '\\r' '\\n' < FILE > NEW`"

    private static let separators: [(character: Character, name: String, written: String)] = [
        (";", "semicolons", ";"), ("\t", "tabs", "\\t"), ("|", "vertical bars", "|"),
    ]

    /// Where a header is one column with characters in it that other programs separate cells by: that it has them, and
    /// what to do.
    static func otherSeparator(in header: String) -> String? {
        guard let found = separators.first(where: { header.contains($0.character) }) else { return nil }
        return
            "has one column only and \(found.name) in it: cells must be separated by commas; convert the file, "
            + "for example in Python by pandas.read_csv('FILE', sep='\(found.written)').to_csv('NEW', index=False)"
    }
}
