internal import Digests

/// Rows of a table. Their shards are the rows as they are in the file.
final class TableSource: SampleSource {
    let table: TableFile
    let index: DatasetIndex
    private let specification: DataSpecification
    private let input: InputFile

    init(_ table: TableFile, index: DatasetIndex, specification: DataSpecification) throws {
        self.table = table
        self.index = index
        self.specification = specification
        input = try InputFile(table.csv)
    }

    var digest: ContentDigest { index.digest }
    var rowCount: Int { index.rows.count }
    var sampleCount: Int { index.rows.count }
    var classes: [String] { index.classes }
    var sampleClasses: [Int32] { index.rowClasses }
    var fingerprints: [Fingerprint] { index.fingerprints }
    var orderKeys: [Double] { index.orderKeys }
    var notes: [DataPlan.Note] { index.notes }

    func place(of sample: Int) -> String { "line \(index.rows[sample].line)" }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        let fit = try PreprocessingFit.fit(
            table, index: index, training: split.training, specification: specification)
        return (fit.preprocessing, fit.problems)
    }

    /// The rows, each ended by a line feed.
    func shard(of samples: some Collection<Int>) throws -> [UInt8] {
        let byteCount = samples.reduce(0) { $0 + Int(index.rows[$1].length) + 1 }
        var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: byteCount)
        try bytes.withUnsafeMutableBytes { bytes in
            var position = 0
            for row in samples {
                let length = Int(index.rows[row].length)
                try read(row, into: UnsafeMutableRawBufferPointer(rebasing: bytes[position..<position + length]))
                position += length + 1
            }
        }
        return bytes
    }

    /// Fills a buffer of the row's length with the row.
    func read(_ row: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard try input.read(into: buffer, at: index.rows[row].offset) == buffer.count else {
            throw DataFileError.changed(input.url)
        }
    }

    func finish() throws {
        try input.checkUnchanged()
    }
}
