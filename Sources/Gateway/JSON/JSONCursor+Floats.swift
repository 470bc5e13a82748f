import Wire

extension JSONCursor {
    /// Reads numbers from here on into `target`, at most `limit`, as long as each follows the last behind a comma and at
    /// most one space. Stands behind the last one afterwards. Returns how many there were, at least one.
    ///
    /// Nearly all of a request is such numbers, so this loop is what an inference request costs to read.
    @inline(__always)
    mutating func floats(into target: UnsafeMutablePointer<Float>, limit: Int) throws(Failure) -> Int {
        target[0] = try float("a number")
        var count = 1
        var position = position
        let powersOfTen = JSONNumber.powersOfTen
        while count < limit, position &+ 2 < end, base[position] == UInt8(ascii: ",") {
            var next = position &+ 1
            if base[next] == UInt8(ascii: " ") { next &+= 1 }
            guard let value = plainFloat(&next, powersOfTen) else { break }
            target[count] = value
            count &+= 1
            position = next
        }
        self.position = position
        return count
    }

    /// A number without exponent and of no more than 18 digits, or nil: it is then for `float` to read or refuse.
    @inline(__always)
    private func plainFloat(_ position: inout Int, _ powersOfTen: UnsafePointer<Double>) -> Float? {
        var digits = Digits(base: base, end: end, position: position)
        let isNegative = digits.next == UInt8(ascii: "-")
        if isNegative { digits.position &+= 1 }
        let leading = digits.next
        let whole = digits.read()
        guard whole == 1 || (whole > 1 && leading != UInt8(ascii: "0")) else { return nil }
        var exponent = 0
        if digits.next == UInt8(ascii: ".") {
            digits.position &+= 1
            exponent = 0 &- digits.read()
            guard exponent < 0 else { return nil }
        }
        guard digits.count <= 18, digits.next | 0x20 != UInt8(ascii: "e") else { return nil }
        position = digits.position
        return JSONNumber.nearestFloat(
            negative: isNegative, mantissa: digits.mantissa, exponent: exponent, powersOfTen: powersOfTen)
    }
}
