/// The order of samples as a pure function: which row comes at which place depends on the seed, the epoch and what is
/// being ordered (the stream), never on how many workers there are or where a run was resumed.
public enum SampleOrder {
    /// The place of `index` after a pseudo-random permutation of `0..<count`. O(1) in time and memory.
    public static func permuted(_ index: Int, of count: Int, seed: UInt64, epoch: Int, stream: UInt64) -> Int {
        SamplePermutation(count: count, seed: seed, epoch: epoch, stream: stream)[index]
    }

    /// Orders the rows of one class (0 where the split is not stratified) for the split into parts.
    public static func splitStream(class index: Int) -> UInt64 { 1 << 32 | UInt64(index) }
    /// Orders the training rows once and for all: which row is in which shard.
    public static let trainingStream: UInt64 = 2 << 32
    /// Orders the rows inside the shard of one slice, in each epoch anew.
    public static func shardStream(slice: Int) -> UInt64 { 3 << 32 | UInt64(slice) }
}

/// A permutation of `0..<count` that is computed, not stored.
///
/// A balanced Feistel network of eight rounds permutes the smallest power of four that holds `count` (Luby and Rackoff,
/// 1988); an image beyond `count` goes through again until it falls inside (cycle walking, Black and Rogaway, 2002):
/// fewer than four times on average. The round function is the finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
public struct SamplePermutation: Sendable {
    public let count: Int
    private let halfBits: UInt64
    private let mask: UInt64
    private let key: UInt64

    public init(count: Int, seed: UInt64, epoch: Int, stream: UInt64) {
        precondition(count >= 0)
        self.count = count
        var bits: UInt64 = 1
        while 1 << (2 * bits) < count { bits += 1 }
        halfBits = bits
        mask = (1 << bits) - 1
        key = Self.mix(Self.mix(Self.mix(seed) ^ UInt64(epoch)) ^ stream)
    }

    public subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count)
        var value = UInt64(index)
        repeat {
            var left = value >> halfBits
            var right = value & mask
            for round in 0..<8 as Range<UInt64> {
                (left, right) = (right, left ^ (Self.mix(right ^ Self.mix(key &+ round)) & mask))
            }
            value = left << halfBits | right
        } while value >= UInt64(count)
        return Int(value)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
