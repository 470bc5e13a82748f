import Collectives
import Tensors

/// The inputs of the tests and what must come out.
enum Numbers {
    static let counts = [0, 1, 7, 100, 1000, 10_007]

    /// What a slice contributes: fractions whose sum depends on the brackets.
    static func value(slice: Int, index: Int) -> Float {
        Float(slice * 31 + index % 97 + 1) / 7 * (index.isMultiple(of: 2) ? 1 : 1e-3)
    }

    /// The sum in the order of the tree, one element at a time.
    static func sum(_ node: Range<Int>, index: Int) -> Float {
        guard let (left, right) = SliceTree.children(of: node) else {
            return value(slice: node.lowerBound, index: index)
        }
        return sum(left, index: index) + sum(right, index: index)
    }

    /// Whole numbers, whose sum is exact whatever the brackets.
    static func whole(rank: Int, index: Int) -> Float { Float((rank + 1) * (index % 50 + 1)) }

    static func wholeSum(ranks: Int, index: Int) -> Float { Float(ranks * (ranks + 1) / 2 * (index % 50 + 1)) }

    static func buffer(_ count: Int, offset: Int = 0, _ value: (Int) -> Float) -> FloatBuffer {
        let buffer = FloatBuffer(count: offset + count)
        for index in 0..<count { buffer.pointer[offset + index] = value(index) }
        return buffer
    }

    static func bits(_ buffer: FloatBuffer, _ range: Range<Int>) -> [UInt32] {
        range.map { buffer.pointer[$0].bitPattern }
    }

    /// Tiny segments, so that every plan has many.
    static var tuning: Tuning {
        var tuning = Tuning()
        tuning.segmentBytes = 4 * 160
        tuning.timeout = .seconds(120)
        return tuning
    }
}
