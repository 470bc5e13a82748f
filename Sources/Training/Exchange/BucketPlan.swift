import Collectives

/// The flat gradient buffer cut into ranges that are reduced one by one as the backward pass completes them, from the
/// end, where the last layers lie, to the beginning.
struct BucketPlan: Equatable {
    /// In the order in which they fill up; together they are the whole buffer.
    let buckets: [Range<Int>]

    /// - Parameters:
    ///   - boundaries: offsets at which a layer's parameters begin; no bucket splits a parameter.
    ///   - count: floats in the buffer.
    init(boundaries: [Int], count: Int, tuning: Tuning) {
        var buckets: [Range<Int>] = []
        var upper = count
        var limit = tuning.firstBucketBytes
        for lower in boundaries.sorted(by: >) where lower > 0 && lower < upper {
            if 4 * (upper - lower) >= limit {
                buckets.append(lower..<upper)
                upper = lower
                limit = tuning.bucketBytes
            }
        }
        if upper > 0 { buckets.append(0..<upper) }
        self.buckets = buckets
    }
}
