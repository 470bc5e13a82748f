import Wire

extension JSONCursor {
    /// Characters of one number; no sensible number has more.
    static let maximumNumberLength = 1024

    /// Takes a number apart. Digits are read eight at a time where there are that many.
    @inline(__always)
    mutating func number(_ what: @autoclosure () -> String) throws(Failure) -> JSONNumber {
        let start = position
        // In locals, which stay in registers.
        var digits = Digits(base: base, end: end, position: start)
        let isNegative = digits.next == UInt8(ascii: "-")
        if isNegative { digits.position += 1 }
        let leading = digits.next
        let whole = digits.read()
        guard whole > 0 else { throw unexpected(what()) }
        if leading == UInt8(ascii: "0"), whole > 1 { throw unexpected("a number without leading zeros") }
        var exponent = 0
        var isInteger = true
        if digits.next == UInt8(ascii: ".") {
            digits.position += 1
            isInteger = false
            exponent = -digits.read()
            guard exponent < 0 else {
                position = digits.position
                throw unexpected("a digit after the decimal point")
            }
        }
        position = digits.position
        if current | 0x20 == UInt8(ascii: "e") {
            position += 1
            isInteger = false
            exponent += try readExponent()
        }
        guard position - start <= Self.maximumNumberLength else { throw tooLong(start) }
        return JSONNumber(
            negative: isNegative, mantissa: digits.mantissa, exponent: exponent, exact: digits.isExact,
            integer: isInteger, text: start..<position)
    }

    /// The nearest FP32. Throws where it lies beyond what FP32 can hold.
    @inline(__always)
    mutating func float(_ what: @autoclosure () -> String) throws(Failure) -> Float {
        let number = try number(what())
        let value = number.nearestFloat ?? slowFloat(number)
        guard value.isFinite else {
            throw Failure(
                .invalidArgument,
                "JSON, byte \(number.text.lowerBound): \(text(of: number)) is beyond the range of FP32")
        }
        return value
    }

    func text(of number: JSONNumber) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[number.text]), as: UTF8.self)
    }

    mutating func integer(_ what: @autoclosure () -> String) throws(Failure) -> Int {
        let number = try number(what())
        guard let value = number.asInteger, let value = Int(exactly: value) else {
            throw Failure(
                .invalidArgument,
                """
                JSON, byte \(number.text.lowerBound): expected \(what()), found \(text(of: number))\
                \(number.integer ? ", which is beyond 64 bits" : "")
                """)
        }
        return value
    }

    private var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: end) }

    @inline(never)
    private func slowFloat(_ number: JSONNumber) -> Float {
        // A JSON number is always one that the standard library can read.
        Float(text(of: number)) ?? .nan
    }

    @inline(never)
    private func tooLong(_ start: Int) -> Failure {
        Failure(
            .invalidArgument,
            """
            JSON, byte \(start): a number may have \(Self.maximumNumberLength) characters, this one has \
            \(position - start)
            """)
    }

    private mutating func readExponent() throws(Failure) -> Int {
        var negative = false
        if current == UInt8(ascii: "-") || current == UInt8(ascii: "+") {
            negative = current == UInt8(ascii: "-")
            position += 1
        }
        guard Self.isDigit(current) else { throw unexpected("a digit of the exponent") }
        var value = 0
        while Self.isDigit(current) {
            value = min(value * 10 + Int(current - UInt8(ascii: "0")), 1_000_000)
            position += 1
        }
        return negative ? -value : value
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
