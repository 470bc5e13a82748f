/// Which bytes may stand in a request's head (RFC 9110, section 5).
enum FieldCharacters {
    /// `tchar`: letters, digits and !#$%&'*+-.^_`|~.
    static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 0x80 else { return false }
        return (byte < 64 ? tokens.low >> byte : tokens.high >> (byte - 64)) & 1 == 1
    }

    /// A byte of a field's value: visible, a space, a tab, or what lies beyond ASCII. No CR, LF or NUL, which others
    /// might take for the end of a line.
    static func isValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7f : byte == UInt8(ascii: "\t")
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static let tokens: (low: UInt64, high: UInt64) = {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        var sets: (low: UInt64, high: UInt64) = (0, 0)
        for byte in (letters + letters.uppercased() + "0123456789!#$%&'*+-.^_`|~").utf8 {
            if byte < 64 { sets.low |= 1 << byte } else { sets.high |= 1 << (byte - 64) }
        }
        return sets
    }()
}
