/// Reads runs of decimal digits into one mantissa.
struct Digits {
    let base: UnsafePointer<UInt8>
    let end: Int
    var position: Int
    /// Of all digits read; wrapped around, and so of no use, unless `isExact`.
    private(set) var mantissa: UInt64 = 0
    private(set) var count = 0

    init(base: UnsafePointer<UInt8>, end: Int, position: Int) {
        self.base = base
        self.end = end
        self.position = position
    }

    /// The byte at the position, or 0 at the end.
    @inline(__always)
    var next: UInt8 { position < end ? base[position] : 0 }

    /// Whether the mantissa is that of all digits: below 10^19, which fits.
    var isExact: Bool { count <= 19 }

    /// Appends the digits that stand here to the mantissa; returns how many there were.
    @inline(__always)
    mutating func read() -> Int {
        let start = position
        while end &- position >= 8, let value = Self.eight(base + position) {
            mantissa = mantissa &* 100_000_000 &+ value
            position &+= 8
        }
        while position < end {
            let digit = base[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            position &+= 1
        }
        count &+= position &- start
        return position &- start
    }

    /// The number that eight ASCII digits in reading order stand for, nil where one of them is none. (Lemire,
    /// "Number parsing at a gigabyte per second", 2021, section 5.)
    @inline(__always)
    private static func eight(_ bytes: UnsafePointer<UInt8>) -> UInt64? {
        let chunk = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
        let high = chunk & 0xf0f0_f0f0_f0f0_f0f0
        let carried = (chunk &+ 0x0606_0606_0606_0606) & 0xf0f0_f0f0_f0f0_f0f0
        guard high == 0x3030_3030_3030_3030, carried == 0x3030_3030_3030_3030 else { return nil }
        var value = chunk &- 0x3030_3030_3030_3030
        value = value &* 10 &+ (value >> 8)
        let mask: UInt64 = 0x0000_00ff_0000_00ff
        let low = (value & mask) &* 0x000f_4240_0000_0064
        let rest = ((value >> 16) & mask) &* 0x0000_2710_0000_0001
        return (low &+ rest) >> 32
    }
}
