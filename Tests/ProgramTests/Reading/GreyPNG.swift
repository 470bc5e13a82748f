/// A PNG file of grey pixels that are stored, not compressed (PNG specification, 2nd edition).
enum GreyPNG {
    static func encoded(_ pixels: [UInt8], width: Int) -> [UInt8] {
        let height = pixels.count / width
        let lines = (0..<height).flatMap { [0] + pixels[$0 * width..<$0 * width + width] }
        let length = UInt16(lines.count)
        let blocks =
            [1] + bytes(length, little: true)
            + bytes(~length, little: true) + lines
        let header = bytes(UInt32(width)) + bytes(UInt32(height)) + [8, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("IDAT", [0x78, 0x01] + blocks + bytes(adler(lines))) + chunk("IEND", [])
    }

    private static func chunk(_ kind: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(kind.utf8) + content
        return bytes(UInt32(content.count)) + body + bytes(checkSum(body))
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number, little: Bool = false) -> [UInt8] {
        withUnsafeBytes(of: little ? number.littleEndian : number.bigEndian) { Array($0) }
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    private static func checkSum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
