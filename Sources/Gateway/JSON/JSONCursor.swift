import Wire

/// Reads JSON (RFC 8259) from bytes in place, without building a tree.
///
/// An inference request is a short frame around thousands of numbers, and those must go straight into the tensor that
/// is sent on. The cursor never reads past `end`, never recurses, and every failure names the byte it stands at.
struct JSONCursor {
    /// Arrays and objects inside one another; deeper input is refused.
    static let maximumDepth = 32

    let base: UnsafePointer<UInt8>
    let end: Int
    var position: Int

    /// The bytes must outlive the cursor.
    init(_ bytes: UnsafeRawBufferPointer) {
        // An empty buffer may have no address; the cursor then never reads.
        self.base = (bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!).assumingMemoryBound(to: UInt8.self)
        self.end = bytes.count
        self.position = 0
    }

    /// The byte at the position, or 0 at the end: no JSON token contains it.
    var current: UInt8 {
        @inline(__always) get { position < end ? base[position] : 0 }
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while position < end {
            switch base[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    /// Skips whitespace and then `byte` if it is next.
    @inline(__always)
    mutating func consume(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard current == byte, position < end else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8, _ what: @autoclosure () -> String) throws(Failure) {
        guard consume(byte) else { throw unexpected(what()) }
    }

    /// Goes through an object; `member` reads the value of each key. One that is null is as if it were absent: so the
    /// encoders of many languages write what is not set.
    ///
    /// - Parameter known: the keys that mean something. Of each there may be one: of two there is no telling which
    ///   counts, and readers of JSON differ.
    mutating func object(
        _ what: @autoclosure () -> String, known: [String],
        _ member: (inout JSONCursor, String) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(UInt8(ascii: "{"), "'{' to begin \(what())")
        if consume(UInt8(ascii: "}")) { return }
        var seen: UInt64 = 0
        repeat {
            skipWhitespace()
            let start = position
            let key = try string("a key of \(what()) in quotes")
            if let index = known.firstIndex(of: key) {
                guard seen & 1 << UInt64(index) == 0 else {
                    throw Failure(.invalidArgument, "JSON, byte \(start): expected \"\(key)\" only once in \(what())")
                }
                seen |= 1 << UInt64(index)
            }
            try expect(UInt8(ascii: ":"), "':' after the key \"\(key)\" of \(what())")
            skipWhitespace()
            if !literal("null") { try member(&self, key) }
        } while consume(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "',' or '}' in \(what())")
    }

    /// Goes through an array; `element` reads each of its values.
    mutating func array(
        _ what: @autoclosure () -> String, _ element: (inout JSONCursor, Int) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(UInt8(ascii: "["), "'[' to begin \(what())")
        if consume(UInt8(ascii: "]")) { return }
        var index = 0
        repeat {
            skipWhitespace()
            try element(&self, index)
            index += 1
        } while consume(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "',' or ']' in \(what())")
    }

    mutating func boolean(_ what: @autoclosure () -> String) throws(Failure) -> Bool {
        skipWhitespace()
        if literal("true") { return true }
        if literal("false") { return false }
        throw unexpected("true or false as \(what())")
    }

    /// Consumes `text` if it is next.
    mutating func literal(_ text: StaticString) -> Bool {
        guard end - position >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where base[position + index] != text.utf8Start[index] { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    /// Only whitespace may follow.
    mutating func finish() throws(Failure) {
        skipWhitespace()
        guard position == end else { throw unexpected("the end of the JSON text") }
    }

    /// Expected one thing, found another, and where.
    func unexpected(_ expected: String) -> Failure {
        Failure(.invalidArgument, "JSON, byte \(position): expected \(expected), found \(found)")
    }

    private var found: String {
        guard position < end else { return "the end of the text" }
        let rest = UnsafeBufferPointer(start: base + position, count: min(12, end - position))
        for token in ["NaN", "Infinity", "-Infinity"] where rest.starts(with: token.utf8) {
            return "\(token), which is not a JSON number: values must be finite"
        }
        for token in ["null", "true", "false"] where rest.starts(with: token.utf8) { return token }
        let byte = base[position]
        return (0x21..<0x7f).contains(byte)
            ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    }
}
