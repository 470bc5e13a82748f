import CJPEGWriting
import Foundation

/// Writes JPEG files by libjpeg.
struct JPEGWriter {
    var width: Int
    var height: Int
    var kind: jpeg_writing_kind
    var quality = 90
    var isProgressive = false
    var pixels: [UInt8]

    var bytes: [UInt8] {
        var encoded: UnsafeMutablePointer<UInt8>?
        let count = jpeg_writing_encode(
            pixels, Int32(width), Int32(height), kind, Int32(quality), isProgressive ? 1 : 0, &encoded)
        defer { free(encoded) }
        return Array(UnsafeBufferPointer(start: encoded, count: count))
    }

    /// Of any kind and size; smooth, so that compression changes little.
    static func random(_ random: inout FuzzRandom) -> JPEGWriter {
        let (width, height) = (1 + random.below(40), 1 + random.below(40))
        let kinds = [(jpeg_grey, 1), (jpeg_colour, 3), (jpeg_inks, 4), (jpeg_inks_as_ycck, 4)]
        let (kind, channels) = kinds[random.below(kinds.count)]
        let slopes = (0..<channels).map { _ in (random.below(5), random.below(5), random.below(100)) }
        let pixels = (0..<height).flatMap { y in
            (0..<width).flatMap { x in slopes.map { UInt8(min(255, $0.0 * x + $0.1 * y + $0.2)) } }
        }
        return JPEGWriter(
            width: width, height: height, kind: kind, isProgressive: random.below(2) == 1, pixels: pixels)
    }

    /// The same file with an `APP1` segment of this content behind its beginning.
    static func adding(exif content: [UInt8], to file: [UInt8]) -> [UInt8] {
        let segment = Array("Exif\0\0".utf8) + content
        let length = UInt16(segment.count + 2)
        var changed = Array(file[..<2])
        changed += [0xFF, 0xE1]
        withUnsafeBytes(of: length.bigEndian) { changed.append(contentsOf: $0) }
        changed += segment
        changed += file[2...]
        return changed
    }
}

/// A block of TIFF with the orientation alone.
func exif(orientation: Int, bigEndian: Bool) -> [UInt8] {
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        let digits = (0..<bytes).map { UInt8(value >> ($0 * 8) & 255) }
        return bigEndian ? digits.reversed() : digits
    }
    let mark: [UInt8] = bigEndian ? [0x4D, 0x4D] : [0x49, 0x49]
    let fields = [
        number(42, 2), number(8, 4), number(1, 2), number(0x0112, 2), number(3, 2), number(1, 4),
        number(orientation, 2),
        number(0, 2), number(0, 4),
    ]
    return mark + fields.flatMap { $0 }
}
