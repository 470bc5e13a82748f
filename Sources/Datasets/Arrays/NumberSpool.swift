/// Rows of 32-bit floats in a temporary file, for what is read again and again and may be larger than memory.
final class NumberSpool {
    private let spool: TemporaryFile
    private let file: InputFile
    private let columns: Int

    /// Takes the numbers row by row.
    struct Writer {
        private let spool: TemporaryFile
        private let columns: Int

        init(columns: Int) throws {
            spool = try TemporaryFile()
            self.columns = columns
        }

        func append(_ number: Float) throws {
            try withUnsafeBytes(of: number) { try spool.append($0) }
        }

        func finish() throws -> NumberSpool {
            try spool.flush()
            return try NumberSpool(spool, columns: columns)
        }
    }

    private init(_ spool: TemporaryFile, columns: Int) throws {
        self.spool = spool
        self.columns = columns
        file = try InputFile(spool.url)
    }

    /// Reads `count` rows from row `first` on.
    func read(rows count: Int, from first: Int, into numbers: UnsafeMutablePointer<Float>) throws {
        let bytes = UnsafeMutableRawBufferPointer(start: numbers, count: count * columns * 4)
        guard try file.read(into: bytes, at: first * columns * 4) == bytes.count else {
            throw DataFileError.changed(file.url)
        }
    }
}
