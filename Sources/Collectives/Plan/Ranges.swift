import Partitions

/// How a vector is cut up.
package enum Ranges {
    /// Pieces of vectors begin at multiples of this many floats: one cache line.
    package static let alignment = 16

    /// One range for each of `ranks` ranks, even but for the alignment; of a short one some are empty.
    package static func shares(of range: Range<Int>, ranks: Int) -> [Range<Int>] {
        func bound(_ block: Int) -> Int { range.lowerBound + min(range.count, block * alignment) }
        let blocks = 0..<(range.count + alignment - 1) / alignment
        return blocks.parts(ranks).map { bound($0.lowerBound)..<bound($0.upperBound) }
    }

    /// Segments of at most `size` floats, in order; none of an empty range.
    package static func segments(of range: Range<Int>, size: Int) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: size).map {
            $0..<min($0 + size, range.upperBound)
        }
    }
}
