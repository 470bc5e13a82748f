import Wire

extension JSONCursor {
    /// Bytes of a name, a key or an id; what comes back in answers and errors is no longer.
    static let maximumNameLength = 1024

    /// Bytes of the longest escape, `\u0000`, which stands for one byte at least.
    private static let escapeLength = 6

    /// A string, with its escapes replaced. Throws where the bytes are not UTF-8, or more than `limit` of them: those of
    /// the string itself, however it is written.
    mutating func string(
        _ what: @autoclosure () -> String, limit: Int = maximumNameLength
    ) throws(Failure) -> String {
        guard current == UInt8(ascii: "\"") else { throw unexpected(what()) }
        let start = position
        func tooLong() -> Failure {
            Failure(
                .invalidArgument,
                "JSON, byte \(start): expected \(what()), of at most \(limit) bytes; this one is longer")
        }
        let (written, overflow) = limit.multipliedReportingOverflow(by: Self.escapeLength)
        guard let escaped = try scanString(limit: overflow ? .max : written) else { throw tooLong() }
        let content = UnsafeBufferPointer(start: base + start + 1, count: position - start - 2)
        let text =
            escaped
            ? String(validating: try unescape(content, at: start + 1), as: UTF8.self)
            : String(validating: content, as: UTF8.self)
        guard let text else {
            throw Failure(.invalidArgument, "JSON, byte \(start): expected a string in UTF-8, found other bytes")
        }
        guard text.utf8.count <= limit else { throw tooLong() }
        return text
    }

    mutating func skipString() throws(Failure) {
        _ = try scanString(limit: .max)
    }

    /// Goes from the opening quote past the closing one. Returns whether there was an escape inside, or nil as soon as
    /// there are more than `limit` bytes between them.
    private mutating func scanString(limit: Int) throws(Failure) -> Bool? {
        let start = position
        position += 1
        let last = limit < end - position ? position + limit : end
        var escaped = false
        while position < end {
            if position > last { return nil }
            switch base[position] {
            case UInt8(ascii: "\""):
                position += 1
                return escaped
            case UInt8(ascii: "\\"):
                escaped = true
                position += 2
            case 0..<0x20:
                throw unexpected("no control character inside a string (write it as an escape)")
            default:
                position += 1
            }
        }
        position = end
        throw Failure(.invalidArgument, "JSON, byte \(start): this string has no closing quote")
    }

    private func unescape(_ content: UnsafeBufferPointer<UInt8>, at offset: Int) throws(Failure) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(content.count)
        var index = 0
        while index < content.count {
            guard content[index] == UInt8(ascii: "\\") else {
                result.append(content[index])
                index += 1
                continue
            }
            let kind = content[index + 1]
            index += 2
            switch kind {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(kind)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = Self.scalar(content, &index) else {
                    throw Failure(
                        .invalidArgument,
                        "JSON, byte \(offset + index): expected four hexadecimal digits of a character")
                }
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
            default:
                throw Failure(.invalidArgument, "JSON, byte \(offset + index - 1): this escape does not exist in JSON")
            }
        }
        return result
    }

    /// The character of `\uXXXX` or of a surrogate pair; `index` stands behind the first `u`.
    private static func scalar(_ content: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard let high = hexadecimal(content, &index) else { return nil }
        guard UTF16.isLeadSurrogate(high) else { return Unicode.Scalar(high) }
        guard index + 1 < content.count, content[index] == UInt8(ascii: "\\"), content[index + 1] == UInt8(ascii: "u")
        else { return nil }
        index += 2
        guard let low = hexadecimal(content, &index), UTF16.isTrailSurrogate(low) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(high) - 0xd800) << 10 + (UInt32(low) - 0xdc00))
    }

    private static func hexadecimal(_ content: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt16? {
        guard index + 4 <= content.count else { return nil }
        var value: UInt16 = 0
        for offset in 0..<4 {
            guard let digit = Character(Unicode.Scalar(content[index + offset])).hexDigitValue else { return nil }
            value = value << 4 | UInt16(digit)
        }
        index += 4
        return value
    }
}
