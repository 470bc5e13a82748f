/// How what is counted is divided evenly: rows of a batch into slices, slices among ranks, and a rank's among its
/// threads.
///
/// One rule for all of them, since results depend on it: which rows a slice has decides what a model learns.
extension Range<Int> {
    /// One of `count` contiguous parts, from 0. The parts together are the range, and none is longer than another by
    /// more than one; where there are more parts than elements, some are empty.
    package func part(_ index: Int, of count: Int) -> Range<Int> {
        let length = self.count
        return lowerBound + index * length / count..<lowerBound + (index + 1) * length / count
    }

    /// All parts, in order.
    package func parts(_ count: Int) -> [Range<Int>] {
        (0..<count).map { part($0, of: count) }
    }
}
