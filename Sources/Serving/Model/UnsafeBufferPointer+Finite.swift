extension UnsafeBufferPointer<Float> {
    /// Where the first value stands that is infinite or no number; nil where all are finite.
    var firstNonFinite: Int? {
        // The exponent's bits alone say so, and looking at all of them at once is what a vector unit is good at.
        let exponent: UInt32 = 0x7f80_0000
        let found = withMemoryRebound(to: UInt32.self) { bits in
            bits.reduce(0 as UInt32) { $0 | ($1 & exponent == exponent ? 1 : 0) }
        }
        return found == 0 ? nil : firstIndex { !$0.isFinite }
    }
}
