extension Double {
    /// The number written as `[+-] digits [. digits] [e [+-] digits]`; nil for anything else, hexadecimal and `nan`
    /// included.
    ///
    /// Correctly rounded. Up to 15 significant digits and a power of ten up to 22 are both exact as `Double`, so one
    /// multiplication or division rounds once (W. Clinger, How to Read Floating Point Numbers Accurately, 1990). The
    /// few others go through the standard library.
    init?(decimal text: UnsafeRawBufferPointer) {
        var index = 0
        var negative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            negative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        var mantissa: UInt64 = 0
        var significant = 0
        var digits = 0
        var exponent = 0
        func take(_ digit: UInt8) {
            digits += 1
            if significant > 0 || digit > 0 { significant += 1 }
            if significant <= 15 { mantissa = mantissa * 10 + UInt64(digit) }
        }
        while index < text.count, let digit = text[index].decimalDigit {
            take(digit)
            index += 1
        }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < text.count, let digit = text[index].decimalDigit {
                take(digit)
                exponent -= 1
                index += 1
            }
        }
        guard digits > 0 else { return nil }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            guard let written = Self.exponent(text, from: index + 1) else { return nil }
            exponent += written
            index = text.count
        }
        guard index == text.count else { return nil }

        if significant <= 15, abs(exponent) <= 22 {
            let power = Self.powersOfTen[abs(exponent)]
            let magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            self = negative ? -magnitude : magnitude
        } else {
            self.init(String(decoding: text, as: UTF8.self))
        }
    }

    /// The exponent from `start` to the end; nil unless it is a sign at most and digits at least. Held within a
    /// million, far beyond what any number needs.
    private static func exponent(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        var sign = 1
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            sign = text[index] == UInt8(ascii: "-") ? -1 : 1
            index += 1
        }
        guard index < text.count else { return nil }
        var value = 0
        while index < text.count {
            guard let digit = text[index].decimalDigit else { return nil }
            value = min(value * 10 + Int(digit), 1_000_000)
            index += 1
        }
        return sign * value
    }

    /// 10^0 ... 10^22, each exact.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

extension UInt8 {
    fileprivate var decimalDigit: UInt8? {
        let digit = self &- UInt8(ascii: "0")
        return digit <= 9 ? digit : nil
    }
}
