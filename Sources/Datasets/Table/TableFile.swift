import Digests
import Foundation

/// A table that is read as CSV: a CSV file itself, or a temporary one made of a gzipped file or of JSON lines.
final class TableFile {
    /// Where the CSV text is.
    let csv: URL
    /// Whether the text stands for a file of JSON lines: its records are that file's lines.
    let isConverted: Bool
    /// Of the file that was handed over; nil where it is the CSV text itself, which is hashed when it is read.
    let original: (digest: ContentDigest, bytes: Int)?
    /// Columns that a feature stands for, where that is a list.
    let expansions: [String: [String]]
    /// What keeps a temporary file.
    private let owner: AnyObject?

    init(csv text: TextInput) {
        csv = text.url
        isConverted = false
        original = text.original
        expansions = [:]
        owner = text
    }

    init(spool: TemporaryFile, original: (digest: ContentDigest, bytes: Int), expansions: [String: [String]]) {
        csv = spool.url
        isConverted = true
        self.original = original
        self.expansions = expansions
        owner = spool
    }

    /// Opens a table. `wanted` are the names that a job uses; nil: all.
    static func open(
        _ url: URL, format: DataSpecification.Format, wanted: Set<String>?, _ problems: inout ProblemList
    ) throws -> TableFile {
        let text = try TextInput(url)
        guard format == .jsonl else { return TableFile(csv: text) }
        return try JSONLinesConverter.convert(text, wanted: wanted, &problems)
    }

    func reader() throws -> CSVFileReader {
        try CSVFileReader(csv, countsRecords: isConverted)
    }
}
