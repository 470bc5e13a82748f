import Digests
import Foundation

/// An array of numbers in a file, whose rows can be read at random.
final class NumberFile {
    let header: ArrayHeader
    private let input: InputFile
    /// Holds what had to be decompressed.
    private let spool: TemporaryFile?
    private let buffer: UnsafeMutableRawBufferPointer

    /// `header.offset` counts from the front of the file at `url`.
    init(_ url: URL, header: ArrayHeader, spool: TemporaryFile? = nil) throws {
        self.header = header
        self.spool = spool
        input = try InputFile(url)
        guard header.offset <= input.size, header.dataBytes <= input.size - header.offset else {
            buffer = .allocate(byteCount: 0, alignment: 1)
            throw ArrayError(
                "the header promises \(header.dataBytes) bytes of numbers, the file has \(max(input.size - header.offset, 0))"
            )
        }
        let rowBytes = header.dataBytes / header.shape[0]
        buffer = .allocate(byteCount: max(min(InputFile.pieceBytes, header.dataBytes), rowBytes), alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    var rows: Int { header.shape[0] }
    /// Numbers of one row.
    var columns: Int { header.shape.dropFirst().reduce(1, *) }
    /// Of its file, behind the array.
    var bytesBehind: Int { input.size - header.offset - header.dataBytes }
    private var rowBytes: Int { columns * header.element.bytes }

    /// Gives the bytes of all rows in order.
    func forEachRow(_ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        let perPiece = max(1, buffer.count / rowBytes)
        for first in stride(from: 0, to: rows, by: perPiece) {
            let count = min(perPiece, rows - first)
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count * rowBytes])
            try fill(piece, at: first)
            for row in 0..<count {
                let bytes = piece[row * rowBytes..<(row + 1) * rowBytes]
                try body(first + row, UnsafeRawBufferPointer(rebasing: bytes))
            }
        }
    }

    /// Writes the numbers of one row as 32-bit floats.
    func read(row: Int, into numbers: UnsafeMutablePointer<Float>) throws {
        try forEachNumber(ofRow: row) { numbers[$0] = Float($1) }
    }

    /// Gives the numbers of one row with their places.
    func forEachNumber(ofRow row: Int, _ body: (Int, Double) -> Void) throws {
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<rowBytes])
        try fill(piece, at: row)
        for index in 0..<columns { body(index, value(in: UnsafeRawBufferPointer(piece), at: index)) }
    }

    /// The number at a place of a row's bytes.
    func value(in row: UnsafeRawBufferPointer, at index: Int) -> Double {
        header.element.value(in: row, at: index, bigEndian: header.bigEndian)
    }

    /// The same, exactly, where the array has whole numbers that are no 64-bit floats; else nil.
    func wholeNumber(in row: UnsafeRawBufferPointer, at index: Int) -> Int128? {
        header.element.wholeNumber(in: row, at: index, bigEndian: header.bigEndian)
    }

    private func fill(_ piece: UnsafeMutableRawBufferPointer, at row: Int) throws {
        guard try input.read(into: piece, at: header.offset + row * rowBytes) == piece.count else {
            throw DataFileError.changed(input.url)
        }
    }

    func checkUnchanged() throws {
        if spool == nil { try input.checkUnchanged() }
    }

    /// SHA-256 of a file.
    static func digest(of url: URL) throws -> ContentDigest {
        let file = try InputFile(url)
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: InputFile.pieceBytes, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while case let count = try file.read(into: buffer, at: offset), count > 0 {
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
            offset += count
        }
        try file.checkUnchanged()
        return hash.finalize()
    }
}

extension InputFile {
    /// Up to `count` bytes from an offset on, fewer at the end of the file.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - offset)))
        let read = try bytes.withUnsafeMutableBytes { try self.read(into: $0, at: offset) }
        return Array(bytes.prefix(read))
    }
}
