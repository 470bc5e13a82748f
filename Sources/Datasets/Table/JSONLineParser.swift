/// Reads one JSON object (RFC 8259) of scalars and of lists of scalars, in the order in which it is written.
struct JSONLineParser {
    /// What a field holds, as the text of a cell: nothing for `null`.
    enum Value: Equatable {
        case cell([UInt8])
        case list([[UInt8]])
    }

    struct Defect: Error, Equatable {
        var message: String
    }

    /// More than any row has; a list of more is no row.
    static let maximumListCount = 1 << 20

    private let text: UnsafeRawBufferPointer
    private var index = 0

    private init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    static func fields(of text: UnsafeRawBufferPointer) throws(Defect) -> [(name: String, value: Value)] {
        var parser = JSONLineParser(text)
        let fields = try parser.object()
        parser.skipBlanks()
        guard parser.index == text.count else { throw Defect(message: "text behind the object") }
        return fields
    }

    private mutating func object() throws(Defect) -> [(name: String, value: Value)] {
        skipBlanks()
        guard take("{") else { throw Defect(message: "expected a JSON object") }
        var fields: [(name: String, value: Value)] = []
        skipBlanks()
        if take("}") { return fields }
        repeat {
            skipBlanks()
            guard peek == UInt8(ascii: "\"") else { throw Defect(message: "expected the name of a field in quotes") }
            let name = String(decoding: try string(), as: UTF8.self)
            skipBlanks()
            guard take(":") else { throw Defect(message: "expected ':' behind the name '\(name.prefix(40))'") }
            fields.append((name, try value(of: name)))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw Defect(message: "expected ',' or '}' behind a field") }
        return fields
    }

    private mutating func value(of name: String) throws(Defect) -> Value {
        skipBlanks()
        guard take("[") else { return .cell(try scalar(of: name)) }
        var list: [[UInt8]] = []
        skipBlanks()
        if take("]") { return .list([]) }
        repeat {
            skipBlanks()
            guard list.count < Self.maximumListCount else {
                throw Defect(message: "field '\(name.prefix(40))' is a list of more than \(Self.maximumListCount)")
            }
            list.append(try scalar(of: name))
            skipBlanks()
        } while take(",")
        guard take("]") else { throw Defect(message: "expected ',' or ']' in the list '\(name.prefix(40))'") }
        return .list(list)
    }

    private mutating func scalar(of name: String) throws(Defect) -> [UInt8] {
        switch peek {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw Defect(message: "field '\(name.prefix(40))' is nested, expected text, a number or a list of them")
        default: break
        }
        let start = index
        while let byte = peek, !Self.endsWord(byte) { index += 1 }
        let word = Array(text[start..<index])
        switch String(decoding: word, as: UTF8.self) {
        case "null": return []
        case "true", "false": return word
        default: break
        }
        guard Self.isNumber(word) else {
            throw Defect(message: "field '\(name.prefix(40))' is no JSON value: strings need quotes")
        }
        return word
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), 9, 10, 13: true
        default: false
        }
    }

    private static func isNumber(_ word: [UInt8]) -> Bool {
        guard let first = word.first, first == UInt8(ascii: "-") || (48...57).contains(first) else { return false }
        return word.withUnsafeBytes { Double(decimal: $0) } != nil
    }

    /// From the opening quote; escapes made what they stand for.
    private mutating func string() throws(Defect) -> [UInt8] {
        index += 1
        var bytes: [UInt8] = []
        while let byte = peek {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw Defect(message: "a control character in a string")
            default: bytes.append(byte)
            }
        }
        throw Defect(message: "a string without its closing quote")
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(Defect) {
        guard let byte = peek else { throw Defect(message: "a string without its closing quote") }
        index += 1
        switch byte {
        case UInt8(ascii: "n"): bytes.append(10)
        case UInt8(ascii: "t"): bytes.append(9)
        case UInt8(ascii: "r"): bytes.append(13)
        case UInt8(ascii: "b"): bytes.append(8)
        case UInt8(ascii: "f"): bytes.append(12)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "u"):
            var value = try codeUnit()
            if (0xD800..<0xDC00).contains(value) {
                guard take("\\"), take("u"), case let low = try codeUnit(), (0xDC00..<0xE000).contains(low) else {
                    throw Defect(message: "half of a surrogate pair in a string")
                }
                value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw Defect(message: "half of a surrogate pair in a string")
            }
            bytes.append(contentsOf: UTF8.encode(scalar)!)
        default: throw Defect(message: "an unknown escape in a string")
        }
    }

    private mutating func codeUnit() throws(Defect) -> UInt32 {
        guard text.count - index >= 4 else { throw Defect(message: "an unknown escape in a string") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(text[index])).hexDigitValue else {
                throw Defect(message: "an unknown escape in a string")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private var peek: UInt8? { index < text.count ? text[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 32 || byte == 9 || byte == 10 || byte == 13 { index += 1 }
    }
}
