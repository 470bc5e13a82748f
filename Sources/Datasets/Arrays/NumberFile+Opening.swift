import Compression
import Foundation

extension NumberFile {
    /// A file of one NumPy array. Throws `ArrayError` or `DataFileError`.
    static func npy(_ url: URL) throws -> NumberFile {
        let bytes = try InputFile(url).bytes(at: 0, count: NPYHeader.maximumBytes + 12)
        return try NumberFile(url, header: try bytes.withUnsafeBytes { try NPYHeader.parse($0) })
    }

    /// An IDX file, gzipped or not: what is in it counts, not its name.
    static func idx(_ url: URL) throws -> NumberFile {
        let input = try InputFile(url)
        let front = try input.bytes(at: 0, count: IDXHeader.maximumBytes)
        guard front.starts(with: [0x1F, 0x8B]) else {
            let header = try front.withUnsafeBytes { try IDXHeader.parse($0) }
            try header.checkEnd(of: input.size)
            return try NumberFile(url, header: header)
        }
        return try inflated(input, .gzip, from: 0, count: input.size, limit: nil) { bytes in
            bytes.count < IDXHeader.maximumBytes ? nil : try IDXHeader.parse(bytes)
        } atEnd: {
            try IDXHeader.parse($0)
        }
    }

    /// One array of a NumPy archive, stored or deflated.
    static func npz(_ url: URL, array name: String) throws -> NumberFile {
        let input = try InputFile(url)
        let archive = try ZIPArchive(input)
        let member = try archive.member(named: name + ".npy", in: input)
        switch member.method {
        case .stored:
            var header = try parse(member, of: input)
            try checkSum(of: member, in: input)
            try header.checkEnd(of: member.bytes)
            header.offset += member.offset
            guard header.offset - member.offset + header.dataBytes <= member.bytes else {
                throw ArrayError("array '\(name)' is shorter than its header promises")
            }
            return try NumberFile(url, header: header)
        case .deflated:
            let file = try inflated(
                input, .bare, from: member.offset, count: member.compressedBytes, limit: member.bytes, sum: member.sum
            ) { bytes in
                bytes.count < NPYHeader.maximumBytes + 12 ? nil : try NPYHeader.parse(bytes)
            } atEnd: {
                try NPYHeader.parse($0)
            }
            return file
        }
    }

    private static func parse(_ member: ZIPArchive.Member, of input: borrowing InputFile) throws -> ArrayHeader {
        let bytes = try input.bytes(at: member.offset, count: min(member.bytes, NPYHeader.maximumBytes + 12))
        return try bytes.withUnsafeBytes { try NPYHeader.parse($0) }
    }

    private static func checkSum(of member: ZIPArchive.Member, in input: borrowing InputFile) throws {
        var sum = CRC32()
        var offset = 0
        while offset < member.bytes {
            let bytes = try input.bytes(
                at: member.offset + offset, count: min(InputFile.pieceBytes, member.bytes - offset))
            guard !bytes.isEmpty else { throw ArrayError("the archive ends within '\(member.name)'") }
            bytes.withUnsafeBytes { sum.update($0) }
            offset += bytes.count
        }
        guard sum.value == member.sum else { throw ArrayError("'\(member.name)' is damaged: its check sum is wrong") }
    }

    /// Decompresses into a temporary file. Stops as soon as there is more than the header promises.
    ///
    /// - Parameters:
    ///   - limit: bytes that must come of it, where that is known.
    ///   - parse: reads the header from the first bytes; nil while there are too few to be sure of it.
    ///   - atEnd: reads the header when these bytes are all that there are.
    private static func inflated(
        _ input: borrowing InputFile, _ container: Inflater.Container, from start: Int, count: Int, limit: Int?,
        sum: UInt32? = nil, parse: (UnsafeRawBufferPointer) throws -> ArrayHeader?,
        atEnd: (UnsafeRawBufferPointer) throws -> ArrayHeader
    ) throws -> NumberFile {
        let most = count.multipliedReportingOverflow(by: Inflater.maximumRatio).partialValue + (1 << 16)
        if let limit, limit > most { throw ArrayError("\(limit) bytes cannot come of \(count) compressed ones") }
        let spool = try TemporaryFile(expecting: limit ?? 0)
        let inflater = Inflater(container)
        var check = CRC32()
        var front: [UInt8] = []
        var header: ArrayHeader?
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: InputFile.compressedPieceBytes, alignment: 16)
        defer { output.deallocate() }
        var offset = 0
        while offset < count {
            let piece = try input.bytes(at: start + offset, count: min(InputFile.compressedPieceBytes, count - offset))
            guard !piece.isEmpty else { break }
            offset += piece.count
            do {
                try piece.withUnsafeBytes { bytes in
                    try inflater.inflateFile(bytes, through: output) { made in
                        check.update(made)
                        if header == nil {
                            front.append(contentsOf: made.prefix(NPYHeader.maximumBytes + 12))
                            header = try front.withUnsafeBytes { try parse($0) }
                            if let header { try spool.expect(header.offset + header.dataBytes) }
                        }
                        try spool.append(made)
                        let most = header.map { $0.offset + $0.dataBytes } ?? limit ?? most
                        guard spool.size <= max(most, limit ?? 0) else {
                            throw ArrayError("more data comes of it than its header promises")
                        }
                    }
                }
            } catch let damage as DamagedData {
                throw ArrayError("\(damage)")
            }
        }
        guard inflater.isFinished else { throw ArrayError("the compressed data ends too early") }
        if let sum, check.value != sum { throw ArrayError("the data is damaged: its check sum is wrong") }
        try spool.flush()
        let final = try header ?? front.withUnsafeBytes { try atEnd($0) }
        try final.checkEnd(of: spool.size)
        return try NumberFile(spool.url, header: final, spool: spool)
    }
}
