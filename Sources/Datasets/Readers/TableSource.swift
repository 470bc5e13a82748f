import Digests

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
    var targetIsConstant: Bool { index.targetIsConstant }
    var notes: [DataPlan.Note] { index.notes }

    func place(of sample: Int) -> String { "line \(index.rows[sample].line)" }

    func fit(_ split: DatasetSplit) throws -> (preprocessing: Preprocessing, problems: ProblemList) {
        let fit = try PreprocessingFit.fit(
            table, index: index, training: split.training, specification: specification)
        return (fit.preprocessing, fit.problems)
    }

    func shardBytes(of samples: some Collection<Int>) -> Int {
        samples.reduce(0) { $0 + Int(index.rows[$1].length) + 1 }
    }

    /// The rows, each ended by a line feed.
    func writeShard(of samples: some Collection<Int>, to sink: ShardSink) throws {
        try PieceBuffer.write(to: sink) { buffer in
            for row in samples {
                let length = Int(index.rows[row].length)
                var line = [UInt8](repeating: UInt8(ascii: "\n"), count: length + 1)
                try line.withUnsafeMutableBytes {
                    try read(row, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<length]))
                }
                try buffer.append(line)
            }
        }
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
