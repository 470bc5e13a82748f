import CKernels
import Testing

@testable import Tensors

struct ProductKernelTests {
    @Test(arguments: KernelComparison.lengths, 0...9)
    func dotProducts(_ depth: Int, _ rows: Int) throws {
        let compare = KernelComparison(tolerance: 1e-4)
        for columns in [0, 1, 2, 5] {
            let x = randomValues(rows * depth), w = randomValues(columns * depth, stream: 1)
            try compare(length: rows * columns) { table, y in
                table.dot_products(x, w, y, rows, columns, depth)
                return 0
            }
        }
    }

    /// Sizes around the blocks that stay in registers, and beyond those that stay in the cache.
    static let shapes = [
        [0, 3, 4], [3, 0, 4], [1, 1, 1], [8, 32, 16], [9, 33, 17], [7, 16, 31], [13, 47, 64], [200, 40, 33],
        [17, 530, 20], [11, 35, 1030],
    ]

    /// Sums are fused with their products where the CPU can, so paths agree to rounding only.
    @Test(arguments: shapes, [false, true])
    func products(_ shape: [Int], _ adding: Bool) throws {
        let (rows, columns, depth) = (shape[0], shape[1], shape[2])
        let a = randomValues((rows + 1) * (depth + 1)), b = randomValues((depth + 2) * (columns + 2), stream: 1)
        let stride = columns + 3
        let start = randomValues(rows * stride, stream: 2)
        for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
            func product(_ path: KernelPath) -> [Float]? {
                guard let table = path.table?.pointee else { return nil }
                var values = start
                a.withUnsafeBufferPointer { a in
                    b.withUnsafeBufferPointer { b in
                        table.product(
                            .init(values: a.baseAddress!, stride: left ? rows + 1 : depth + 1, is_transposed: left),
                            .init(
                                values: b.baseAddress!, stride: right ? depth + 2 : columns + 2, is_transposed: right),
                            &values, stride, rows, columns, depth, adding)
                    }
                }
                return values
            }
            let expected = try #require(product(.reference))
            for path in KernelComparison.vectorPaths {
                let actual = try #require(product(path))
                for place in 0..<start.count {
                    if place % stride >= columns {
                        #expect(actual[place] == start[place], "\(path) wrote between the rows")
                    } else {
                        #expect(
                            abs(actual[place] - expected[place]) < 1e-5 * Float(depth + 4),
                            "\(path), \(shape), transposed: \(left), \(right)")
                    }
                }
            }
        }
    }

    /// So that a batch may be cut anywhere.
    @Test func rowsDoNotDependOnTheirNeighbours() {
        let (rows, columns, depth) = (261, 48, 600)
        let a = randomValues(rows * depth), b = randomValues(depth * columns, stream: 1)
        for path in KernelComparison.vectorPaths {
            let table = path.table!.pointee
            func product(_ range: Range<Int>) -> [Float] {
                var product = [Float](repeating: 0, count: range.count * columns)
                a.withUnsafeBufferPointer { a in
                    b.withUnsafeBufferPointer { b in
                        table.product(
                            .init(
                                values: a.baseAddress! + range.lowerBound * depth, stride: depth, is_transposed: false),
                            .init(values: b.baseAddress!, stride: columns, is_transposed: false), &product, columns,
                            range.count, columns, depth, false)
                    }
                }
                return product
            }
            #expect(product(0..<261) == product(0..<23) + product(23..<261), "\(path)")
        }
    }
}
