/// What an operation is, in 32 bits, so that ranks which disagree notice at the first frame.
enum Signature {
    static let allReduce: UInt32 = 1
    static let allGather: UInt32 = 2

    /// FNV-1a over kind and length (http://www.isthe.com/chongo/tech/comp/fnv/).
    static func of(kind: UInt32, count: Int) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in [kind, UInt32(truncatingIfNeeded: count), UInt32(truncatingIfNeeded: count >> 32)] {
            for shift in stride(from: 0, to: 32, by: 8) {
                hash = (hash ^ (byte >> UInt32(shift) & 0xff)) &* 16_777_619
            }
        }
        return hash
    }
}
