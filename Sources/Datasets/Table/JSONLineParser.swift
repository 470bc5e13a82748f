/// Reads JSON objects (RFC 8259) of scalars and of lists of scalars, in the order in which they are written. Of numbers,
/// `NaN`, `Infinity` and `-Infinity` are read too, as Python writes them.
struct JSONLineParser {
    /// A scalar as the text of a cell: nothing for `null`.
    struct Cell: Equatable {
        var bytes: [UInt8]
        /// A string: what it says is a text, whatever word it is.
        var isText = false
    }

    /// What a field holds.
    enum Value: Equatable {
        case cell(Cell)
        case list([Cell])
        /// Objects, or lists within a list: no column can be made of them, so they are only passed over.
        case nested
    }

    typealias Fields = [(name: String, value: Value)]

    struct Defect: Error, Equatable {
        var message: String
    }

    /// More than any row has; a list of more is no row.
    static let maximumListCount = 1 << 20
    /// Lists within lists, as a picture is: deeper ones are no row.
    static let maximumDepth = 16
    /// Of what is passed over.
    static let maximumNesting = 64

    private let text: UnsafeRawBufferPointer
    private var index = 0

    private init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    static func fields(of text: UnsafeRawBufferPointer) throws(Defect) -> Fields {
        var parser = JSONLineParser(text)
        let fields = try parser.object()
        guard parser.isAtEnd else { throw Defect(message: "text behind the object") }
        return fields
    }

    /// One row: an object, the values alone in a list, however nested, or one value.
    static func row(of text: UnsafeRawBufferPointer) throws(Defect) -> Row {
        var parser = JSONLineParser(text)
        let row = try parser.row()
        guard parser.isAtEnd else { throw Defect(message: "text behind the row") }
        return row
    }

    enum Row {
        case fields(Fields)
        case list([Cell])
        case scalar(Cell)
    }

    /// Gives the elements of a JSON array to `body`, one after the other, or an object that stands alone.
    static func rows<Failure: Error>(
        of text: UnsafeRawBufferPointer, _ body: (Int, Result<Row, Defect>) throws(Failure) -> Void
    ) throws(Failure) {
        var parser = JSONLineParser(text)
        var count = 0
        parser.skipBlanks()
        if parser.peek == UInt8(ascii: "{") { return try body(0, parser.onlyObject()) }
        do throws(Defect) {
            guard parser.take("[") else {
                throw Defect(message: "expected an array of rows, or an object that is one row")
            }
            parser.skipBlanks()
            if parser.take("]") { return }
        } catch {
            return try body(count, .failure(error))
        }
        while true {
            let row: Result<Row, Defect>
            var isLast = true
            do throws(Defect) {
                row = .success(try parser.row())
                parser.skipBlanks()
                isLast = !parser.take(",")
                if isLast {
                    guard parser.take("]") else { throw parser.unmet("expected ',' or ']' behind the row") }
                    guard parser.isAtEnd else { throw Defect(message: "text behind the array of rows") }
                }
            } catch {
                return try body(count, .failure(error))
            }
            try body(count, row)
            count += 1
            if isLast { return }
        }
    }

    private mutating func onlyObject() -> Result<Row, Defect> {
        do throws(Defect) {
            let fields = try object()
            guard isAtEnd else {
                throw Defect(
                    message: "text behind the object: write several rows as an array, or a line each as .jsonl")
            }
            return .success(.fields(fields))
        } catch {
            return .failure(error)
        }
    }

    private mutating func row() throws(Defect) -> Row {
        skipBlanks()
        if peek == UInt8(ascii: "{") { return .fields(try object()) }
        guard peek == UInt8(ascii: "[") else { return .scalar(try scalar(of: nil)) }
        return .list(try values())
    }

    /// The scalars of lists within lists.
    private mutating func values() throws(Defect) -> [Cell] {
        var cells: [Cell] = []
        var depth = 0
        repeat {
            skipBlanks()
            var isFirst = false
            while take("[") {
                depth += 1
                isFirst = true
                guard depth <= Self.maximumDepth else {
                    throw Defect(message: "lists within more than \(Self.maximumDepth) lists")
                }
                skipBlanks()
            }
            if !isFirst || peek != UInt8(ascii: "]") {
                guard cells.count < Self.maximumListCount else {
                    throw Defect(message: "a row of more than \(Self.maximumListCount) values")
                }
                cells.append(try scalar(of: nil))
                skipBlanks()
            }
            while depth > 0, take("]") {
                depth -= 1
                skipBlanks()
            }
            guard depth > 0 else { return cells }
            guard take(",") else { throw unmet("expected ',' or ']' in a list") }
        } while true
    }

    private var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return index == text.count
        }
    }

    private mutating func object() throws(Defect) -> Fields {
        skipBlanks()
        guard take("{") else {
            throw Defect(
                message: take("[")
                    ? "a list, expected a JSON object: write each row as an object, on a line of its own"
                    : "expected a JSON object")
        }
        var fields: Fields = []
        skipBlanks()
        if take("}") { return fields }
        repeat {
            skipBlanks()
            let bytes = try fieldName()
            let damage = bytes.withUnsafeBytes { $0.firstInvalidUTF8 == nil ? nil : UTF8Problem.message($0) }
            if let damage { throw Defect(message: "the name of a field: \(damage)") }
            let name = String(decoding: bytes, as: UTF8.self)
            skipBlanks()
            guard take(":") else { throw unmet("expected ':' behind the name '\(name.prefix(40))'") }
            fields.append((name, try value(of: name)))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw unmet("expected ',' or '}' behind a field") }
        return fields
    }

    private mutating func value(of name: String) throws(Defect) -> Value {
        skipBlanks()
        let start = index
        guard take("[") else {
            guard peek == UInt8(ascii: "{") else { return .cell(try scalar(of: name)) }
            try passOver(name, depth: 1)
            return .nested
        }
        var list: [Cell] = []
        skipBlanks()
        if take("]") { return .list([]) }
        repeat {
            skipBlanks()
            if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "[") {
                index = start
                try passOver(name, depth: 1)
                return .nested
            }
            guard list.count < Self.maximumListCount else {
                throw Defect(message: "field '\(name.prefix(40))' is a list of more than \(Self.maximumListCount)")
            }
            list.append(try scalar(of: name))
            skipBlanks()
        } while take(",")
        guard take("]") else { throw unmet("expected ',' or ']' in the list '\(name.prefix(40))'") }
        return .list(list)
    }

    /// Reads a value whatever is in it, and keeps nothing of it.
    private mutating func passOver(_ name: String, depth: Int) throws(Defect) {
        skipBlanks()
        let isObject = peek == UInt8(ascii: "{")
        guard isObject || peek == UInt8(ascii: "[") else {
            _ = try scalar(of: name)
            return
        }
        guard depth <= Self.maximumNesting else {
            throw Defect(
                message: "field '\(name.prefix(40))' is nested more than \(Self.maximumNesting) levels deep")
        }
        let end: Unicode.Scalar = isObject ? "}" : "]"
        index += 1
        skipBlanks()
        if take(end) { return }
        repeat {
            skipBlanks()
            if isObject {
                _ = try fieldName()
                skipBlanks()
                guard take(":") else { throw unmet("expected ':' in the field '\(name.prefix(40))'") }
            }
            try passOver(name, depth: depth + 1)
            skipBlanks()
        } while take(",")
        guard take(end) else { throw unmet("expected ',' or '\(end)' in the field '\(name.prefix(40))'") }
    }

    private mutating func scalar(of name: String?) throws(Defect) -> Cell {
        /// For messages.
        var subject: String { name.map { "field '\($0.prefix(40))'" } ?? "a value" }
        switch peek {
        case UInt8(ascii: "\""):
            let bytes = try string()
            let damage = bytes.withUnsafeBytes { $0.firstInvalidUTF8 == nil ? nil : UTF8Problem.message($0) }
            if let damage { throw Defect(message: "\(subject): \(damage)") }
            return Cell(bytes: bytes, isText: true)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw Defect(message: "\(subject) is nested, expected text, a number or a list of them")
        default: break
        }
        if let defect = absence(of: name.map { "the value of field '\($0.prefix(40))'" } ?? "a value") { throw defect }
        let start = index
        while let byte = peek, !Self.endsWord(byte) { index += 1 }
        let word = Array(text[start..<index])
        switch String(decoding: word, as: UTF8.self) {
        case "null": return Cell(bytes: [])
        case "true", "false", "NaN", "Infinity", "-Infinity": return Cell(bytes: word)
        default: break
        }
        guard Self.isNumber(word) else {
            let looksLikeNumber = word.withUnsafeBytes { Double(decimal: $0) } != nil
            throw Defect(
                message: looksLikeNumber
                    ? "\(subject) is no JSON number: expected digits with no 0 in front, and none missing at a point"
                    : "\(subject) is no JSON value: strings need quotes")
        }
        return Cell(bytes: word)
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), 9, 10, 13: true
        default: false
        }
    }

    /// By the grammar of RFC 8259: no zero in front of other digits, and digits on both sides of a point.
    private static func isNumber(_ word: [UInt8]) -> Bool {
        var rest = word[...]
        func digits() -> Int {
            let count = rest.prefix { (48...57).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let isZero = rest.first == UInt8(ascii: "0")
        guard case let whole = digits(), whole == 1 || (whole > 1 && !isZero) else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty && word.withUnsafeBytes { Double(decimal: $0) } != nil
    }

    private mutating func fieldName() throws(Defect) -> [UInt8] {
        if let defect = absence(of: "the name of a field") { throw defect }
        guard peek == UInt8(ascii: "\"") else { throw Defect(message: "expected the name of a field in quotes") }
        return try string()
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

    /// What is said where something is expected that is not there.
    private func unmet(_ expectation: String) -> Defect {
        Defect(message: index == text.count ? "the JSON ends early: \(expectation)" : expectation)
    }

    /// What is said where something should begin, and the text or what holds it ends instead; nil where neither does.
    private func absence(of what: @autoclosure () -> String) -> Defect? {
        guard let byte = peek else { return unmet("expected \(what())") }
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") else { return nil }
        let next = Character(Unicode.Scalar(byte))
        let isBehindComma = text[..<index].last { !Self.isBlank($0) } == UInt8(ascii: ",")
        return Defect(
            message: isBehindComma
                ? "\(what()) is missing between ',' and '\(next)': write it there, or take the ',' away"
                : "\(what()) is missing before '\(next)'")
    }

    private var peek: UInt8? { index < text.count ? text[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, Self.isBlank(byte) { index += 1 }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
}
