import Digests
import Foundation

/// Reads a file line by line in one pass, in memory that does not grow with the file, and hashes it on the way. A line
/// ends with LF or CR LF and with nothing else: a form feed or one of Unicode's separators is a character of its line.
struct LineReader: ~Copyable {
    static let maximumLineBytes = CSVFileReader.maximumRecordBytes

    private let file: InputFile
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private var position = 0
    private var offset = 0
    private var atEnd = false
    /// Of the current line, from 1.
    private(set) var line = 0

    private let text: TextInput

    /// Throws `DataFileError`, or a `DatasetReport` where the file is no text.
    init(_ url: URL) throws {
        try self.init(try TextInput(url))
    }

    init(_ text: TextInput) throws {
        self.text = text
        file = try InputFile(text.url)
    }

    /// Gives the next line without its end to `body`; false at the end of the file. Throws `RecordTooLong`.
    mutating func next(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                try give(position..<end, body)
                position = end + 1
                return true
            }
            guard !atEnd else {
                guard position < buffer.count else { return false }
                try give(position..<buffer.count, body)
                position = buffer.count
                return true
            }
            searched = buffer.count - position
            guard searched < Self.maximumLineBytes else { throw RecordTooLong.line(line + 1) }
            try refill()
        }
    }

    private mutating func give(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        line += 1
        try buffer.withUnsafeBytes { bytes in
            var text = UnsafeRawBufferPointer(rebasing: bytes[range])
            if text.last == UInt8(ascii: "\r") { text = UnsafeRawBufferPointer(rebasing: text.dropLast()) }
            if line == 1, text.starts(with: TextSignature.byteOrderMark) {
                text = UnsafeRawBufferPointer(rebasing: text.dropFirst(3))
            }
            try body(text)
        }
    }

    private mutating func refill() throws {
        buffer.removeFirst(position)
        position = 0
        let rest = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: InputFile.pieceBytes))
        let count = try buffer.withUnsafeMutableBytes { bytes in
            let free = UnsafeMutableRawBufferPointer(rebasing: bytes[rest...])
            let count = try file.read(into: free, at: offset)
            hash.update(UnsafeRawBufferPointer(rebasing: free[0..<count]))
            return count
        }
        atEnd = count < buffer.count - rest
        buffer.removeLast(buffer.count - rest - count)
        offset += count
    }

    /// SHA-256 of the whole file as it was handed over, and its size. Call at the end of it.
    consuming func finish() throws -> (digest: ContentDigest, bytes: Int) {
        try file.checkUnchanged()
        if let original = text.original { return original }
        return (hash.finalize(), offset)
    }
}
