/// A JSON number as it was written: (-1)^negative x mantissa x 10^exponent, and where its text stands.
struct JSONNumber {
    var negative: Bool
    /// Of no use unless `exact`; then below 10^19.
    var mantissa: UInt64
    var exponent: Int
    /// False where there are too many digits for the mantissa.
    var exact: Bool
    /// Written without fraction and exponent.
    var integer: Bool
    var text: Range<Int>

    /// At index i 10^i, from -22 to 22. The powers from 1 on are exact, the others the nearest doubles. Never changed
    /// or freed. A loop gets it once: each access asks whether it is there already.
    nonisolated(unsafe) static let powersOfTen: UnsafePointer<Double> = {
        let powers = UnsafeMutablePointer<Double>.allocate(capacity: 45)
        for exponent in -22...22 { (powers + exponent + 22).initialize(to: Double("1e\(exponent)")!) }
        return UnsafePointer(powers + 22)
    }()

    /// The nearest FP32, or nil where `nearestFloat(negative:mantissa:exponent:powersOfTen:)` cannot tell.
    var nearestFloat: Float? {
        guard exact, mantissa < 1 << 62, exponent >= -22, exponent <= 22 else { return nil }
        return Self.nearestFloat(
            negative: negative, mantissa: mantissa, exponent: exponent, powersOfTen: Self.powersOfTen)
    }

    /// The FP32 nearest to (-1)^negative x mantissa x 10^exponent, or nil where this way cannot tell which of two it is.
    /// The mantissa must be below 2^63 and the exponent from -22 to 22.
    ///
    /// The mantissa, the power of ten and their product are each rounded once, so the double is within 3 units in the
    /// last place of the number (after Clinger, "How to read floating point numbers accurately", 1990). Rounding it to
    /// FP32 is right unless it lies that close to the middle between two neighbours. All such numbers are normal in
    /// FP32, or zero.
    @inline(__always)
    static func nearestFloat(
        negative: Bool, mantissa: UInt64, exponent: Int, powersOfTen: UnsafePointer<Double>
    ) -> Float? {
        let value = Double(Int64(truncatingIfNeeded: mantissa)) * powersOfTen[exponent]
        let belowFloat = Int(truncatingIfNeeded: value.bitPattern & 0x1fff_ffff)
        guard abs(belowFloat &- 0x1000_0000) > 4 else { return nil }
        return Float(negative ? -value : value)
    }

    /// The value of an integer that fits, nil otherwise.
    var asInteger: Int64? {
        guard exact, integer else { return nil }
        guard negative else { return Int64(exactly: mantissa) }
        return mantissa <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- mantissa) : nil
    }

    var asUnsigned: UInt64? {
        guard exact, integer, !negative || mantissa == 0 else { return nil }
        return mantissa
    }
}
