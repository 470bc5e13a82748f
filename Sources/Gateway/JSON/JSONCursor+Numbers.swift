import Wire

extension JSONCursor {
    /// Characters of one number; no sensible number has more.
    static let maximumNumberLength = 1024

    /// Takes a number apart. Digits are read eight at a time where there are that many.
    @inline(__always)
    mutating func number(_ what: @autoclosure () -> String) throws(Failure) -> JSONNumber {
        let start = position
        var number = JSONNumber(
            negative: false, mantissa: 0, exponent: 0, exact: true, integer: true, text: start..<start)
        if current == UInt8(ascii: "-") {
            number.negative = true
            position += 1
        }
        let leading = current
        guard Self.isDigit(leading) else {
            position = start
            throw unexpected(what())
        }
        let whole = digits(into: &number)
        if leading == UInt8(ascii: "0"), whole > 1 {
            position = start
            throw unexpected("a number without leading zeros")
        }
        if current == UInt8(ascii: ".") {
            position += 1
            number.integer = false
            let fraction = digits(into: &number)
            guard fraction > 0 else { throw unexpected("a digit after the decimal point") }
            number.exponent -= fraction
        }
        if current | 0x20 == UInt8(ascii: "e") {
            position += 1
            number.integer = false
            number.exponent += try exponent()
        }
        guard position - start <= Self.maximumNumberLength else {
            throw Failure(
                .invalidArgument,
                "JSON, byte \(start): a number may have \(Self.maximumNumberLength) characters, this one has \(position - start)"
            )
        }
        number.text = start..<position
        return number
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
        let start = position
        guard let value = try number(what()).asInteger, let value = Int(exactly: value) else {
            position = start
            throw unexpected(what())
        }
        return value
    }

    private var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: end) }

    @inline(never)
    private func slowFloat(_ number: JSONNumber) -> Float {
        // A JSON number is always one that the standard library can read.
        Float(text(of: number)) ?? .nan
    }

    /// Appends digits to the mantissa while they fit; returns how many there were.
    @inline(__always)
    private mutating func digits(into number: inout JSONNumber) -> Int {
        let start = position
        while end - position >= 8, number.mantissa < 100_000_000_000 {
            let chunk = UInt64(
                littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
            guard let value = Self.eightDigits(chunk) else { break }
            number.mantissa = number.mantissa * 100_000_000 + value
            position += 8
        }
        while position < end {
            let digit = base[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            if number.mantissa < 1_000_000_000_000_000_000 {
                number.mantissa = number.mantissa * 10 + UInt64(digit)
            } else {
                number.exact = false
            }
            position += 1
        }
        return position - start
    }

    /// The number that eight ASCII digits in reading order stand for, nil where one of them is none. (Lemire,
    /// "Number parsing at a gigabyte per second", 2021, section 5.)
    @inline(__always)
    private static func eightDigits(_ chunk: UInt64) -> UInt64? {
        let high = chunk & 0xf0f0_f0f0_f0f0_f0f0
        let carried = (chunk &+ 0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0
        guard high == 0x3030_3030_3030_3030, carried == 0x3030_3030_3030_3030 else { return nil }
        var value = chunk &- 0x3030_3030_3030_3030
        value = value &* 10 &+ (value >> 8)
        let mask: UInt64 = 0x0000_00ff_0000_00ff
        let low = (value & mask) &* 0x000f_4240_0000_0064
        let next = ((value >> 16) & mask) &* 0x0000_2710_0000_0001
        return (low &+ next) >> 32
    }

    private mutating func exponent() throws(Failure) -> Int {
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
