/// The directory of a ZIP archive (APPNOTE 6.3), with the 64-bit extension that NumPy writes.
struct ZIPArchive {
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    struct Member: Equatable {
        var name: String
        var method: Method
        var sum: UInt32
        var compressedBytes: Int
        var bytes: Int
        /// Where its data begins in the archive.
        var offset: Int
    }

    private struct Entry {
        var name: String
        var method: UInt16
        var flags: UInt16
        var sum: UInt32
        var compressedBytes: UInt64
        var bytes: UInt64
        var offset: UInt64
    }

    private static let maximumDirectoryBytes = 16 << 20
    private static let maximumCommentBytes = 1 << 16

    private var entries: [Entry] = []

    /// Reads the directory at the end of the file. Throws `ArrayError`.
    init(_ file: borrowing InputFile) throws {
        guard try !file.bytes(at: 0, count: min(file.size, 2)).elementsEqual([0x1F, 0x8B]) else {
            throw ArrayError("it is gzipped, as only IDX files and texts may be: unpack it by `gunzip`")
        }
        let tailBytes = min(file.size, 22 + Self.maximumCommentBytes)
        let tail = try file.bytes(at: file.size - tailBytes, count: tailBytes)
        let end = try tail.withUnsafeBytes { try Self.directory($0, file) }
        guard end.bytes <= Self.maximumDirectoryBytes, end.offset <= file.size, end.bytes <= file.size - end.offset
        else {
            throw ArrayError("the directory of the archive lies outside of it, or is too large")
        }
        let directory = try file.bytes(at: end.offset, count: end.bytes)
        try directory.withUnsafeBytes { bytes in
            var position = 0
            while position < bytes.count {
                let (entry, length) = try Self.entry(bytes, at: position)
                entries.append(entry)
                position += length
            }
        }
    }

    /// The names of the NumPy arrays in it.
    var arrays: [String] {
        entries.compactMap { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : nil }
    }

    /// A member of the archive, by its name. Throws `ArrayError`.
    func member(named name: String, in file: borrowing InputFile) throws -> Member {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw ArrayError(
                arrays.isEmpty
                    ? "the archive holds no arrays: expected .npy files in it, as numpy.savez writes them"
                    : "the archive has no array '\(name.dropLast(4))', it has \(arrays.listed)")
        }
        let count = entries.count { $0.name == name }
        guard count == 1 else {
            throw ArrayError(
                "the archive has \(count) members named '\(name)', expected one: write it anew, for example by numpy.savez"
            )
        }
        guard entry.flags & 1 == 0, let method = Method(rawValue: entry.method) else {
            throw ArrayError("'\(name)' is encrypted or compressed in a way that NumPy does not use")
        }
        let limit = UInt64(ArrayHeader.maximumCount)
        guard entry.offset <= UInt64(file.size), entry.compressedBytes <= UInt64(file.size), entry.bytes <= limit,
            method == .deflated || entry.bytes == entry.compressedBytes
        else { throw ArrayError("'\(name)' lies outside of the archive, or its sizes do not fit") }
        let local = try file.bytes(at: Int(entry.offset), count: 30)
        guard local.count == 30, local.starts(with: [0x50, 0x4B, 3, 4]) else {
            throw ArrayError("'\(name)' is not where the directory of the archive says")
        }
        let offset =
            Int(entry.offset) + 30 + Int(local[26]) + Int(local[27]) << 8 + Int(local[28]) + Int(local[29]) << 8
        guard offset <= file.size, Int(entry.compressedBytes) <= file.size - offset else {
            throw ArrayError("'\(name)' lies outside of the archive")
        }
        return Member(
            name: name, method: method, sum: entry.sum, compressedBytes: Int(entry.compressedBytes),
            bytes: Int(entry.bytes), offset: offset)
    }

    private static func directory(
        _ tail: UnsafeRawBufferPointer, _ file: borrowing InputFile
    ) throws -> (offset: Int, bytes: Int) {
        var index = tail.count - 22
        while index >= 0, !tail[index...].starts(with: [0x50, 0x4B, 5, 6]) { index -= 1 }
        guard index >= 0 else { throw ArrayError("it is not an archive: no directory was found at its end") }
        let bytes = tail.loadUnaligned(fromByteOffset: index + 12, as: UInt32.self).littleEndian
        let offset = tail.loadUnaligned(fromByteOffset: index + 16, as: UInt32.self).littleEndian
        guard bytes == .max || offset == .max else { return (Int(offset), Int(bytes)) }
        let locator = index - 20
        guard locator >= 0, tail[locator...].starts(with: [0x50, 0x4B, 6, 7]) else {
            throw ArrayError("the archive's directory of 64 bits is missing")
        }
        let place = tail.loadUnaligned(fromByteOffset: locator + 8, as: UInt64.self).littleEndian
        guard place <= UInt64(file.size) else { throw ArrayError("the archive's directory lies outside of it") }
        let record = try file.bytes(at: Int(place), count: 56)
        guard record.count == 56, record.starts(with: [0x50, 0x4B, 6, 6]) else {
            throw ArrayError("the archive's directory of 64 bits is damaged")
        }
        let (large, start) = record.withUnsafeBytes {
            (
                $0.loadUnaligned(fromByteOffset: 40, as: UInt64.self).littleEndian,
                $0.loadUnaligned(fromByteOffset: 48, as: UInt64.self).littleEndian
            )
        }
        guard large <= UInt64(maximumDirectoryBytes), start <= UInt64(file.size) else {
            throw ArrayError("the archive's directory lies outside of it, or is too large")
        }
        return (Int(start), Int(large))
    }

    private static func entry(_ bytes: UnsafeRawBufferPointer, at start: Int) throws -> (Entry, Int) {
        guard bytes.count - start >= 46, bytes[start...].starts(with: [0x50, 0x4B, 1, 2]) else {
            throw ArrayError("the directory of the archive is damaged")
        }
        func u16(_ offset: Int) -> UInt16 {
            bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt16.self).littleEndian
        }
        func u32(_ offset: Int) -> UInt32 {
            bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self).littleEndian
        }
        let (nameBytes, extraBytes, commentBytes) = (Int(u16(28)), Int(u16(30)), Int(u16(32)))
        let length = 46 + nameBytes + extraBytes + commentBytes
        guard length <= bytes.count - start else { throw ArrayError("the directory of the archive is damaged") }
        let name = String(decoding: bytes[start + 46..<start + 46 + nameBytes], as: UTF8.self)
        var entry = Entry(
            name: name, method: u16(10), flags: u16(8), sum: u32(16), compressedBytes: UInt64(u32(20)),
            bytes: UInt64(u32(24)), offset: UInt64(u32(42)))
        let extra = start + 46 + nameBytes
        widen(&entry, UnsafeRawBufferPointer(rebasing: bytes[extra..<extra + extraBytes]))
        return (entry, length)
    }

    /// Takes sizes of 64 bits from the extra field 1, where those of 32 are full.
    private static func widen(_ entry: inout Entry, _ extra: UnsafeRawBufferPointer) {
        var position = 0
        while extra.count - position >= 4 {
            let id = extra.loadUnaligned(fromByteOffset: position, as: UInt16.self).littleEndian
            let end =
                position + 4 + Int(extra.loadUnaligned(fromByteOffset: position + 2, as: UInt16.self).littleEndian)
            position += 4
            guard end <= extra.count else { return }
            if id == 1 {
                for field in [\Entry.bytes, \Entry.compressedBytes, \Entry.offset]
                where entry[keyPath: field] == UInt64(UInt32.max) && end - position >= 8 {
                    entry[keyPath: field] = extra.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
                    position += 8
                }
            }
            position = end
        }
    }
}
