/// How numbers travel between hosts. Sums are always 32 bits wide.
package enum WireFormat: String, Sendable, CaseIterable {
    case f32
    /// The upper half of an f32, rounded to nearest even: half the bytes, 8 bits of precision.
    case bf16

    package var bytesPerElement: Int { self == .f32 ? 4 : 2 }

    /// The bf16 nearest to a number, in the lower half of the result; ties go to the even one, NaN stays NaN.
    @inline(__always)
    static func rounded(_ bits: UInt32) -> UInt32 {
        let carried = (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16
        let quiet = (bits >> 16) | 0x40
        return bits & 0x7fff_ffff > 0x7f80_0000 ? quiet : carried
    }

    static func encode(_ values: UnsafePointer<Float>, into target: UnsafeMutablePointer<UInt16>, count: Int) {
        for index in 0..<count { target[index] = UInt16(truncatingIfNeeded: rounded(values[index].bitPattern)) }
    }

    static func decode(_ values: UnsafePointer<UInt16>, into target: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { target[index] = Float(bitPattern: UInt32(values[index]) << 16) }
    }

    /// Copies with the precision of bf16. In place too.
    static func round(_ values: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { target[index] = Float(bitPattern: rounded(values[index].bitPattern) << 16) }
    }
}
