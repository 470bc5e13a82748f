/// A JSON number as it was written: (-1)^negative x mantissa x 10^exponent, and where its text stands.
struct JSONNumber {
    var negative: Bool
    /// The first digits, as many as fit below 10^19.
    var mantissa: UInt64
    var exponent: Int
    /// False where digits were left out of the mantissa.
    var exact: Bool
    /// Written without fraction and exponent.
    var integer: Bool
    var text: Range<Int>

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The nearest FP32, or nil where this way cannot tell which of two it is.
    ///
    /// Powers of ten up to 10^22 are exact doubles, so one rounding of the mantissa and one of the quotient leave the
    /// double within 2 units in the last place (Clinger, "How to read floating point numbers accurately", 1990,
    /// widened to mantissas above 2^53). Rounding it to FP32 is then right unless it lies that close to the middle
    /// between two neighbours. All such numbers are normal in FP32.
    @inline(__always)
    var nearestFloat: Float? {
        if exact, mantissa == 0 { return negative ? -0.0 : 0.0 }
        guard exact, exponent >= -22, exponent <= 22 else { return nil }
        let power = Self.powersOfTen.withUnsafeBufferPointer { $0[abs(exponent)] }
        let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        let belowFloat = Int(value.bitPattern & 0x1fff_ffff)
        guard abs(belowFloat - 0x1000_0000) > 2 else { return nil }
        return Float(negative ? -value : value)
    }

    /// The value of an integer that fits, nil otherwise.
    var asInteger: Int64? {
        guard exact, integer else { return nil }
        return negative ? Int64(exactly: mantissa).map { -$0 } : Int64(exactly: mantissa)
    }

    var asUnsigned: UInt64? {
        guard exact, integer, !negative || mantissa == 0 else { return nil }
        return mantissa
    }
}
