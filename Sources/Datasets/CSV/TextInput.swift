import Compression
import Digests
import Foundation

/// A file of text as it was handed over, ready to be read: every reader of text opens its file here, so what is no text in
/// UTF-8 is told in one way, and a gzipped file is read wherever a plain one is.
final class TextInput {
    /// Bytes that may come of a gzipped file; a larger one has to be decompressed by whoever knows that it is meant.
    static let maximumInflatedBytes = 64 << 30

    /// The text itself, behind a byte order mark or without one.
    let url: URL
    /// Of the gzipped file; nil where the text is the file.
    let original: (digest: ContentDigest, bytes: Int)?
    private let spool: TemporaryFile?

    /// Throws `DataFileError`, or a `DatasetReport` where the file is no text.
    init(_ url: URL, limit: Int = maximumInflatedBytes) throws {
        let file = try InputFile(url)
        let front = try file.bytes(at: 0, count: 64)
        guard front.starts(with: [0x1F, 0x8B]) else {
            try Self.check(front, of: url)
            self.url = url
            original = nil
            spool = nil
            return
        }
        let inflated: (spool: TemporaryFile, digest: ContentDigest)
        do {
            inflated = try Self.inflate(file, limit: limit)
        } catch let damage as DamagedData {
            throw Self.report(url, "the file is gzipped, but \(damage)")
        } catch let error as ArrayError {
            throw Self.report(url, "the file is gzipped, but \(error.message)")
        }
        try Self.check(try InputFile(inflated.spool.url).bytes(at: 0, count: 64), of: url)
        self.url = inflated.spool.url
        original = (inflated.digest, file.size)
        spool = inflated.spool
    }

    /// Decompresses a gzip file into a temporary one, and hashes the file on the way.
    private static func inflate(
        _ file: borrowing InputFile, limit: Int
    ) throws -> (spool: TemporaryFile, digest: ContentDigest) {
        let spool = try TemporaryFile()
        let inflater = Inflater(.gzip)
        var hash = SHA256()
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: InputFile.compressedPieceBytes, alignment: 16)
        defer { output.deallocate() }
        var offset = 0
        while offset < file.size {
            let piece = try file.bytes(at: offset, count: min(InputFile.compressedPieceBytes, file.size - offset))
            guard !piece.isEmpty else { throw DataFileError.changed(file.url) }
            offset += piece.count
            try piece.withUnsafeBytes { bytes in
                hash.update(bytes)
                try inflater.inflateFile(bytes, through: output) { made in
                    guard spool.size + made.count <= limit else {
                        throw ArrayError("more than \(limit) bytes come of it: decompress it first")
                    }
                    try spool.append(made)
                }
            }
        }
        guard inflater.isFinished else { throw ArrayError("the compressed data ends too early") }
        try spool.flush()
        try file.checkUnchanged()
        return (spool, hash.finalize())
    }

    /// Throws what the first bytes say against a text in UTF-8.
    private static func check(_ front: [UInt8], of url: URL) throws {
        if let encoding = TextSignature.wideEncoding(front) {
            throw report(
                url,
                "the file is in \(encoding), expected UTF-8: convert it, for example by "
                    + "`iconv -f \(encoding) -t UTF-8 FILE`")
        }
        if front.starts(with: TextSignature.byteOrderMark + TextSignature.byteOrderMark) {
            throw report(
                url,
                "the file begins with two byte order marks, expected one or none: leave the first out, for example by "
                    + "`tail -c +4 FILE > NEW`")
        }
        if let kind = TextSignature.otherKind(front) {
            throw report(url, "the file is \(kind), expected text in UTF-8, which may be gzipped")
        }
    }

    private static func report(_ url: URL, _ message: String) -> DatasetReport {
        DatasetReport(file: url.path(percentEncoded: false), problems: [.init(message: message)], total: 1)
    }
}

/// What the first bytes of a file tell of it.
enum TextSignature {
    /// That of UTF-8.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// UTF-16 and UTF-32, by their byte order mark, or by the zeros that every second byte of plain letters is.
    static func wideEncoding(_ front: [UInt8]) -> String? {
        if front.starts(with: [0xFF, 0xFE, 0, 0]) || front.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if front.starts(with: [0xFF, 0xFE]) || front.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        guard front.count >= 4 else { return nil }
        switch (front[0] == 0, front[1] == 0, front[2] == 0, front[3] == 0) {
        case (false, true, false, true): return "UTF-16LE"
        case (true, false, true, false): return "UTF-16BE"
        default: return nil
        }
    }

    /// Files that people hand over for text.
    static func otherKind(_ front: [UInt8]) -> String? {
        kinds.first { front.starts(with: $0.bytes) }?.name
    }

    private static let kinds: [(bytes: [UInt8], name: String)] = [
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive, as Excel workbooks are"), (Array("PAR1".utf8), "a Parquet file"),
        (Array("SQLite format 3".utf8), "a SQLite database"), ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
        (Array("BZh9".utf8), "compressed by bzip2"), ([0x28, 0xB5, 0x2F, 0xFD], "compressed by Zstandard"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "compressed by xz"),
    ]
}
