/// Counts of durations in buckets that are each about 3 % wide, from a microsecond to over an hour.
///
/// Log-linear as in HdrHistogram: 32 equal buckets for every doubling, so quantiles are right to 3 % at any scale.
struct LatencyHistogram {
    private static let subBuckets = 32
    private static let doublings = 28

    private(set) var count = 0
    private var buckets = [UInt32](repeating: 0, count: subBuckets * doublings)

    mutating func record(microseconds: Int) {
        buckets[Self.bucket(of: microseconds)] += 1
        count += 1
    }

    mutating func add(_ other: LatencyHistogram) {
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        count += other.count
    }

    /// The duration below which the share `quantile` of all lies, in microseconds; 0 where there are none.
    func microseconds(at quantile: Double) -> Double {
        guard count > 0 else { return 0 }
        let rank = max(1, Int((quantile * Double(count)).rounded(.up)))
        var seen = 0
        for (index, bucket) in buckets.enumerated() where bucket > 0 {
            seen += Int(bucket)
            if seen >= rank { return Self.middle(of: index) }
        }
        return Self.middle(of: buckets.count - 1)
    }

    private static func bucket(of microseconds: Int) -> Int {
        guard microseconds >= subBuckets else { return max(0, microseconds) }
        let shift = (Int.bitWidth - 1 - microseconds.leadingZeroBitCount) - 5
        return min((shift + 1) * subBuckets + (microseconds >> shift) - subBuckets, subBuckets * doublings - 1)
    }

    private static func middle(of bucket: Int) -> Double {
        guard bucket >= subBuckets else { return Double(bucket) }
        let shift = bucket / subBuckets - 1
        let lowest = (bucket % subBuckets + subBuckets) << shift
        return Double(lowest) + Double(1 << shift) / 2
    }
}
