#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Random numbers that depend on what they are drawn for and on nothing else: SplitMix64 (Steele, Lea and Flood, 2014)
/// started from a hash of the sample.
struct SampleRandom {
    private var state: UInt64

    init(seed: UInt64, epoch: Int, slice: Int, place: Int) {
        state = 4 << 32
        take(seed)
        take(UInt64(epoch))
        take(UInt64(slice))
        take(UInt64(place))
    }

    private mutating func take(_ part: UInt64) {
        state ^= part
        state = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// From 0 to below 1.
    mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// From -bound to bound.
    mutating func integer(within bound: Int) -> Int {
        Int(next() % UInt64(2 * bound + 1)) - bound
    }

    /// Standard normal (Box and Muller, 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }

    /// Of Beta(a, a), as a quotient of two gamma variates.
    mutating func beta(_ a: Double) -> Double {
        let (x, y) = (gamma(a), gamma(a))
        return x + y > 0 ? x / (x + y) : 0.5
    }

    /// Marsaglia and Tsang, A Simple Method for Generating Gamma Variables, 2000.
    private mutating func gamma(_ shape: Double) -> Double {
        guard shape >= 1 else {
            let factor = pow(1 - uniform(), 1 / shape)
            return gamma(shape + 1) * factor
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            guard v > 0 else { continue }
            if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }
}
