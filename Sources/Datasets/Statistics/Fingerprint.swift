/// Tells rows apart: 128 bits of a hash of what is used of them, so that equal rows have equal fingerprints and two
/// different ones hardly ever do (a billion rows: 1 in 10^20). Not made to withstand somebody who wants a collision.
struct Fingerprint: Hashable, Comparable, Sendable {
    private var a: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var b: UInt64 = 0xD1B5_4A32_D192_ED03

    static func < (left: Self, right: Self) -> Bool { (left.a, left.b) < (right.a, right.b) }

    /// Takes a cell in; its length counts, so that moving a letter from one cell to the next is another row.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var index = 0
        while index + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var rest: UInt64 = 0
        for place in index..<bytes.count { rest = rest << 8 | UInt64(bytes[place]) }
        if index < bytes.count { add(rest) }
    }

    private mutating func add(_ word: UInt64) {
        a = Self.mix((a ^ word) &* 0xFF51_AFD7_ED55_8CCD)
        b = Self.mix((b &+ word) &* 0xC4CE_B9FE_1A85_EC53 &+ 0x1656_67B1_9E37_79F9)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let z = (value ^ (value >> 32)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 29)
    }
}
