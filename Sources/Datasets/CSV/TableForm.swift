/// What is told of a table that is not written as RFC 4180 has it.
enum TableForm {
    static let returnsAlone =
        "lines end with a carriage return alone, expected LF or CR LF: convert the file, for example by "
        + "`tr '\\r' '\\n' < FILE > NEW`"

    /// Of the first line, behind its number.
    static let headerOfNumbers =
        "line of numbers is taken for the header: if it is a row, put a line with the names of the columns before it"

    private static let separators: [(character: Character, name: String, written: String)] = [
        (";", "semicolons", ";"), ("\t", "tabs", "\\t"), ("|", "vertical bars", "|"),
    ]

    /// Where a header is one column with characters in it that other programs separate cells by: that it has them, and
    /// what to do.
    static func otherSeparator(in header: String) -> String? {
        guard let found = separators.first(where: { header.contains($0.character) }) else { return nil }
        return "has one column only and \(found.name) in it: \(remedy(found.written))"
    }

    /// The same of a header whose names stand in quotes, and so are no cells of a table.
    static func otherSeparator(betweenQuotes header: String) -> String? {
        let found = separators.first {
            header.contains("\"\($0.character)") || header.contains("\($0.character)\"")
        }
        return found.map { "has \($0.name) between its names: \(remedy($0.written))" }
    }

    private static func remedy(_ separator: String) -> String {
        "cells must be separated by commas; convert the file, for example in Python by "
            + "pandas.read_csv('FILE', sep='\(separator)').to_csv('NEW', index=False)"
            + (separator == ";" ? ", with decimal=',' behind sep where its numbers have decimal commas" : "")
    }

    /// Whether the names are numbers, and none that just count the columns.
    static func isRow(_ names: [String]) -> Bool {
        guard names.allSatisfy({ Double($0) != nil }) else { return false }
        return ![0, 1].contains { first in names.indices.allSatisfy { names[$0] == "\(first + $0)" } }
    }
}
