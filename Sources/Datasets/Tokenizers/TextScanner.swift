/// What a character is to a tokenizer.
enum CharacterClass: UInt8 {
    case letter, digit, space, other

    init(_ scalar: Unicode.Scalar) {
        if scalar.value < 128 {
            self = Self.ascii[Int(scalar.value)]
            return
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .digit
        default: self = properties.isWhitespace ? .space : .other
        }
    }

    private static let ascii: [CharacterClass] = (0..<128 as Range<UInt8>).map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case 9...13, 32: .space
        default: .other
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Holds nothing but white space, of whatever kind: no text to learn from, or to ask about.
    var isBlankText: Bool {
        let scanner = TextScanner(text: self)
        var index = 0
        while index < count {
            let character = scanner.character(at: index)
            guard character.class == .space else { return false }
            index += character.length
        }
        return true
    }
}

/// Reads the characters of UTF-8 text. A byte that belongs to none is a character of its own, of class `other`.
struct TextScanner {
    let text: UnsafeRawBufferPointer

    /// The class and the length in bytes of the character at `index`.
    func character(at index: Int) -> (class: CharacterClass, length: Int) {
        let first = text[index]
        if first < 0x80 { return (CharacterClass(Unicode.Scalar(first)), 1) }
        guard let (scalar, length) = scalar(at: index) else { return (.other, 1) }
        return (CharacterClass(scalar), length)
    }

    /// The length in bytes of the character at `index`; nil where its first byte belongs to none.
    func length(at index: Int) -> Int? {
        text[index] < 0x80 ? 1 : scalar(at: index)?.1
    }

    /// A character of more than one byte; nil unless the bytes are well-formed (Unicode 15, table 3-7).
    private func scalar(at index: Int) -> (Unicode.Scalar, Int)? {
        let first = text[index]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= text.count else { return nil }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length {
            let byte = text[index + offset]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let minimum: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= minimum, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }
}
