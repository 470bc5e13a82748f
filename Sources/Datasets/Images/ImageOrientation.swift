import Compression

/// How a picture has to be turned to be seen as it was taken: the tag `Orientation` of EXIF 2.32, by its values there.
enum ImageOrientation: UInt16, CaseIterable {
    case upright = 1
    /// Left and right change places.
    case mirrored
    case upsideDown
    /// Top and bottom change places.
    case flipped
    /// Rows become columns.
    case transposed
    /// By a quarter, clockwise.
    case turnedRight
    /// Rows become columns from the other corner.
    case transversed
    /// By a quarter, counterclockwise.
    case turnedLeft

    var swapsSides: Bool { rawValue >= Self.transposed.rawValue }

    /// The pixel of the stored picture, of `height` x `width`, that is seen at a place of the turned one.
    func source(row: Int, column: Int, height: Int, width: Int) -> (row: Int, column: Int) {
        switch self {
        case .upright: (row, column)
        case .mirrored: (row, width - 1 - column)
        case .upsideDown: (height - 1 - row, width - 1 - column)
        case .flipped: (height - 1 - row, column)
        case .transposed: (column, row)
        case .turnedRight: (height - 1 - column, row)
        case .transversed: (height - 1 - column, width - 1 - row)
        case .turnedLeft: (column, width - 1 - row)
        }
    }
}

extension ImageOrientation {
    /// What a PNG or JPEG file says; upright where it says nothing that can be understood.
    init(ofFile bytes: [UInt8]) {
        let exif = bytes.starts(with: [0xFF, 0xD8]) ? Self.exif(ofJPEG: bytes) : Self.exif(ofPNG: bytes)
        self = exif.flatMap { Self(exif: $0) } ?? .upright
    }

    /// Of the segments before the samples the first `APP1` that begins with `Exif`.
    private static func exif(ofJPEG bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let magic = Array("Exif\0\0".utf8)
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            // Fill bytes may stand before a marker.
            if marker == 0xFF {
                position += 1
                continue
            }
            // Samples begin, or the picture ends.
            if marker == 0xDA || marker == 0xD9 { return nil }
            let end = position + 2 + (Int(bytes[position + 2]) << 8 | Int(bytes[position + 3]))
            guard end >= position + 4, end <= bytes.count else { return nil }
            let content = bytes[(position + 4)..<end]
            if marker == 0xE1, content.starts(with: magic) { return content.dropFirst(magic.count) }
            position = end
        }
        return nil
    }

    /// The chunk `eXIf`, wherever it stands, if its check sum is right.
    private static func exif(ofPNG bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var position = 8
        while let length = number(bytes[...], at: position, bytes: 4, bigEndian: true) {
            let content = position + 8
            guard let expected = number(bytes[...], at: content + length, bytes: 4, bigEndian: true) else { return nil }
            let name = bytes[(position + 4)..<content]
            if name.elementsEqual("eXIf".utf8) {
                var sum = CRC32()
                bytes[(position + 4)..<(content + length)].withUnsafeBytes { sum.update($0) }
                return sum.value == UInt32(expected) ? bytes[content..<(content + length)] : nil
            }
            if name.elementsEqual("IEND".utf8) { return nil }
            position = content + length + 4
        }
        return nil
    }

    /// Of a block of TIFF 6.0 the tag 0x0112 of the first directory.
    private init?(exif: ArraySlice<UInt8>) {
        let block = Array(exif)
        let bigEndian: Bool
        switch block.prefix(4) {
        case [0x4D, 0x4D, 0, 42]: bigEndian = true
        case [0x49, 0x49, 42, 0]: bigEndian = false
        default: return nil
        }
        func value(at place: Int, bytes: Int) -> Int? {
            Self.number(block[...], at: place, bytes: bytes, bigEndian: bigEndian)
        }
        guard let directory = value(at: 4, bytes: 4), let entries = value(at: directory, bytes: 2) else { return nil }
        for entry in 0..<entries {
            let place = directory + 2 + entry * 12
            guard let tag = value(at: place, bytes: 2), let type = value(at: place + 2, bytes: 2) else { return nil }
            guard tag == 0x0112 else { continue }
            // A short, or the long that some write in its place.
            guard [3, 4].contains(type), let found = value(at: place + 8, bytes: type == 3 ? 2 : 4) else { return nil }
            guard let known = UInt16(exactly: found).flatMap(Self.init(rawValue:)) else { return nil }
            self = known
            return
        }
        return nil
    }

    /// A whole number at a place; nil where it would lie outside.
    private static func number(_ block: ArraySlice<UInt8>, at place: Int, bytes: Int, bigEndian: Bool) -> Int? {
        guard place >= 0, place <= block.count - bytes else { return nil }
        let digits = block[place..<(place + bytes)]
        return (bigEndian ? Array(digits) : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
}
