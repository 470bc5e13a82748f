/// The printable characters that GPT-2's vocabulary files write bytes as (`bytes_to_unicode` of its encoder).
enum ByteAlphabet {
    /// By byte.
    static let scalars: [Unicode.Scalar] = {
        var scalars: [Unicode.Scalar] = []
        var shifted: UInt32 = 256
        for byte in 0...255 as ClosedRange<UInt32> {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: scalars.append(Unicode.Scalar(byte)!)
            default:
                scalars.append(Unicode.Scalar(shifted)!)
                shifted += 1
            }
        }
        return scalars
    }()

    private static let bytes = Dictionary(uniqueKeysWithValues: zip(scalars, 0...255 as ClosedRange<UInt8>))

    static func text(of bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(scalars[Int(byte)]) }
        return String(text)
    }

    /// Nil if a character stands for no byte.
    static func bytes(of text: String) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = bytes[scalar] else { return nil }
            result.append(byte)
        }
        return result
    }
}
