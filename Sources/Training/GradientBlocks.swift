import Tensors

/// The flat gradient in blocks that begin with a parameter and are no longer than the cache likes.
///
/// A norm is summed block by block and then over the blocks in order, so it has the same bits however the gradient was
/// cut into buckets; and an update that follows the sum of a block finds it in the cache.
struct GradientBlocks: Sendable, Equatable {
    /// In order; together they are the whole buffer.
    let ranges: [Range<Int>]

    /// Floats; 64 KiB.
    static let largest = 16 << 10

    init(_ layout: ParameterLayout) {
        let starts = layout.entries.map(\.offset)
        ranges = zip(starts, starts.dropFirst() + [layout.count]).flatMap { start, end in
            stride(from: start, to: end, by: Self.largest).map { $0..<min($0 + Self.largest, end) }
        }
    }

    /// The blocks of a range that begins and ends with a parameter.
    func indices(in range: Range<Int>) -> Range<Int> {
        place(of: range.lowerBound)..<place(of: range.upperBound)
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
