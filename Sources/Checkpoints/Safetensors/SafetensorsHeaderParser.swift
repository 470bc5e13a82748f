/// Reads the JSON of a safetensors header: strictly the little of JSON (RFC 8259) that a header may hold, with bounds
/// on nesting given by the format itself. A general decoder would pass over keys that come twice.
struct SafetensorsHeaderParser {
    struct Entry {
        var name: String
        var elementType: String
        var shape: [Int]
        var start: Int
        var end: Int
    }

    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) {
        self.text = text
    }

    mutating func parse() throws(SafetensorsError) -> (entries: [Entry], metadata: [String: String]) {
        guard text.first == UInt8(ascii: "{") else { throw expected("'{'") }
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        var names: Set<String> = []
        try object { (parser, name) throws(SafetensorsError) in
            guard names.insert(name).inserted else { throw .duplicateName(name) }
            if name == SafetensorsLayout.metadataKey {
                metadata = try parser.metadata()
            } else {
                entries.append(try parser.entry(name))
            }
        }
        // Writers pad the header with spaces.
        skipBlanks()
        guard position == text.count else { throw expected("the end of the header") }
        return (entries, metadata)
    }

    private mutating func metadata() throws(SafetensorsError) -> [String: String] {
        var metadata: [String: String] = [:]
        try object { (parser, key) throws(SafetensorsError) in
            guard metadata.updateValue(try parser.string(), forKey: key) == nil else { throw .duplicateName(key) }
        }
        return metadata
    }

    private mutating func entry(_ name: String) throws(SafetensorsError) -> Entry {
        var elementType: String?
        var shape: [Int]?
        var offsets: [Int]?
        try object { (parser, key) throws(SafetensorsError) in
            switch key {
            case "dtype" where elementType == nil: elementType = try parser.string()
            case "shape" where shape == nil: shape = try parser.integers()
            case "data_offsets" where offsets == nil: offsets = try parser.integers()
            default: throw parser.expected("each of dtype, shape and data_offsets once, not '\(key)'")
            }
        }
        guard let elementType, let shape, let offsets else { throw expected("dtype, shape and data_offsets before") }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw expected("data_offsets of a start and an end not before it")
        }
        return Entry(name: name, elementType: elementType, shape: shape, start: offsets[0], end: offsets[1])
    }

    // MARK: JSON

    private mutating func object(
        _ member: (inout Self, String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try take("{")
        if takeIf("}") { return }
        repeat {
            let key = try string()
            try take(":")
            try member(&self, key)
        } while takeIf(",")
        try take("}")
    }

    private mutating func integers() throws(SafetensorsError) -> [Int] {
        try take("[")
        if takeIf("]") { return [] }
        var values: [Int] = []
        repeat { values.append(try integer()) } while takeIf(",")
        try take("]")
        return values
    }

    /// An integer from 0; no sign, fraction, exponent or leading zero.
    private mutating func integer() throws(SafetensorsError) -> Int {
        skipBlanks()
        let start = position
        var value = 0
        while position < text.count, case let digit = text[position] &- UInt8(ascii: "0"), digit <= 9 {
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowedToo) = product.addingReportingOverflow(Int(digit))
            guard !overflowed, !overflowedToo else { throw expected("an integer of at most 63 bits") }
            value = sum
            position += 1
        }
        guard position > start, position == start + 1 || text[start] != UInt8(ascii: "0") else {
            throw expected("an integer from 0")
        }
        return value
    }

    private mutating func string() throws(SafetensorsError) -> String {
        try take("\"")
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else { throw expected("UTF-8 before") }
                return string
            case UInt8(ascii: "\\"): bytes += try escape()
            case 0..<0x20: throw expected("no control character before")
            default: bytes.append(byte)
            }
        }
        throw expected("a closing quote")
    }

    /// The UTF-8 bytes of what stands behind a backslash.
    private mutating func escape() throws(SafetensorsError) -> [UInt8] {
        guard position < text.count else { throw expected("an escape") }
        let letter = text[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw expected("a valid escape before")
        }
    }

    /// One code unit of UTF-16, or a surrogate pair of two escapes.
    private mutating func unicodeEscape() throws(SafetensorsError) -> [UInt8] {
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), position + 1 < text.count, text[position] == UInt8(ascii: "\\"),
            text[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw expected("a surrogate pair before") }
        return Array(text.utf8)
    }

    private mutating func codeUnit() throws(SafetensorsError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < text.count, let digit = Character(Unicode.Scalar(text[position])).hexDigitValue else {
                throw expected("four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private mutating func skipBlanks() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private mutating func takeIf(_ symbol: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard position < text.count, text[position] == UInt8(ascii: symbol) else { return false }
        position += 1
        return true
    }

    private mutating func take(_ symbol: Unicode.Scalar) throws(SafetensorsError) {
        guard takeIf(symbol) else { throw expected("'\(symbol)'") }
    }

    private func expected(_ what: String) -> SafetensorsError {
        .malformedHeader(at: position, expected: what)
    }
}
