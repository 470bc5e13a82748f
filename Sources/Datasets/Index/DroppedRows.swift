/// Rows that are left out because a value is missing in them, and which: whole classes go that way where one is called
/// `None`.
struct DroppedRows {
    /// Kinds of cells that are told apart.
    private static let maximumKinds = 1_000
    private static let maximumExamples = 5

    private struct Kind: Hashable {
        var column: String
        var word: String
    }

    private(set) var count = 0
    private var kinds: [Kind: (rows: Int, line: Int)] = [:]

    mutating func add(_ cell: UnsafeRawBufferPointer, column: String, line: Int) {
        count += 1
        let kind = Kind(column: column, word: String(decoding: cell.trimmed, as: UTF8.self))
        guard kinds.count < Self.maximumKinds || kinds[kind] != nil else { return }
        kinds[kind, default: (0, line)].rows += 1
    }

    /// What a note says behind the number of rows.
    static func missing(_ rows: Int) -> String {
        rows == 1 ? "row with a missing value was left out" : "rows with missing values were left out"
    }

    static func duplicates(_ rows: Int) -> String {
        rows == 1 ? "row that is there before was left out" : "rows that are there before were left out"
    }

    /// Tells the most frequent kinds.
    var note: DataPlan.Note {
        let sorted = kinds.sorted { a, b in
            a.value.rows == b.value.rows ? a.value.line < b.value.line : a.value.rows > b.value.rows
        }
        let examples = sorted.prefix(Self.maximumExamples).map { kind, place in
            "column '\(kind.column)' is \(kind.word.isEmpty ? "empty" : "'\(kind.word)'") in \(place.rows), first in line "
                + "\(place.line)"
        }
        return DataPlan.Note(
            kind: .missing, count: count, message: Self.missing(count),
            examples: DataPlan.Note.examples(Array(examples), of: kinds.count))
    }
}
