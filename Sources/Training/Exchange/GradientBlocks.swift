import Tensors

/// The flat gradient in blocks that begin with a parameter and are no longer than the cache likes.
///
/// A norm is summed block by block and then over the blocks in order, so it has the same bits however the gradient was
/// cut into buckets; and an update that follows the sum of a block finds it in the cache.
struct GradientBlocks: Sendable, Equatable {
    /// In order.
    let ranges: [Range<Int>]

    /// Floats; 64 KiB.
    static let largest = 16 << 10

    /// - Parameter learned: the parts of the buffer that count, each of which begins with a parameter.
    init(_ layout: ParameterLayout, learned: [Range<Int>]) {
        let starts = layout.entries.map(\.offset)
        let entries = zip(starts, starts.dropFirst() + [layout.count]).map { $0..<$1 }
        ranges = learned.flatMap { part in
            entries.filter { $0.overlaps(part) }.flatMap { entry in
                stride(from: entry.lowerBound, to: entry.upperBound, by: Self.largest).map {
                    $0..<min($0 + Self.largest, entry.upperBound)
                }
            }
        }
    }

    /// The blocks of a range that begins and ends with a parameter.
    func indices(in range: Range<Int>) -> Range<Int> {
        place(of: range.lowerBound)..<place(of: range.upperBound)
    }

    /// The range in so many parts, with about as much in each that is learned; some may be empty. Together they are the
    /// range, and each but the first begins with a block.
    func shares(of range: Range<Int>, count: Int) -> [Range<Int>] {
        let indices = indices(in: range)
        let total = indices.reduce(0) { $0 + ranges[$1].count }
        var bounds = [range.lowerBound]
        var sum = 0
        for index in indices {
            while bounds.count < count, sum >= total * bounds.count / count, sum > 0 {
                bounds.append(ranges[index].lowerBound)
            }
            sum += ranges[index].count
        }
        while bounds.count <= count { bounds.append(range.upperBound) }
        return (0..<count).map { bounds[$0]..<bounds[$0 + 1] }
    }

    /// The first block at or behind an offset.
    private func place(of offset: Int) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].lowerBound < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
