import Foundation
import Testing

@testable import Tensors

/// Products of factors rounded to bfloat16, against sums in 64 bits over factors that are rounded here.
@Suite(.enabled(if: Precision.bf16.isSupported))
struct BF16ProductTests {
    static let shapes: [[Int]] = [
        [16, 16, 16], [17, 33, 19], [28, 64, 384], [29, 65, 385], [127, 40, 769], [253, 16, 31], [16, 2081, 17],
        [16, 31, 1000],
    ]

    @Test(arguments: shapes, [false, true])
    func equalsTheProductOfTheRoundedFactors(_ shape: [Int], _ adding: Bool) {
        let (rows, columns, depth) = (shape[0], shape[1], shape[2])
        for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
            let a = buffer(rows * depth), b = buffer(depth * columns, stream: 1)
            var product = [Float](repeating: 3, count: rows * columns)
            BLAS.multiply(
                .init(pointer: a.pointer, stride: left ? rows : depth, isTransposed: left),
                .init(pointer: b.pointer, stride: right ? depth : columns, isTransposed: right),
                into: &product, rows: rows, columns: columns, depth: depth, adding: adding, precision: .bf16)
            var worst = 0.0
            for row in 0..<rows {
                for column in 0..<columns {
                    var sum = adding ? 3.0 : 0
                    for k in 0..<depth {
                        sum +=
                            rounded(a.pointer[left ? k * rows + row : row * depth + k])
                            * rounded(b.pointer[right ? column * depth + k : k * columns + column])
                    }
                    worst = max(worst, abs(sum - Double(product[row * columns + column])))
                }
            }
            #expect(worst < 1e-6 * Double(depth + 16), "\(shape), transposed: \(left), \(right)")
        }
    }

    /// So that a batch may be cut anywhere.
    @Test func rowsDoNotDependOnTheirNeighbours() {
        let (rows, columns, depth) = (61, 48, 500)
        let a = buffer(rows * depth), b = buffer(depth * columns, stream: 1)
        func product(_ range: Range<Int>) -> [Float] {
            var product = [Float](repeating: 0, count: range.count * columns)
            BLAS.multiply(
                .plain(a.pointer + range.lowerBound * depth, stride: depth), .plain(b.pointer, stride: columns),
                into: &product, rows: range.count, columns: columns, depth: depth, precision: .bf16)
            return product
        }
        #expect(product(0..<61) == product(0..<23) + product(23..<61))
    }

    private func buffer(_ count: Int, stream: UInt32 = 0) -> FloatBuffer {
        let buffer = FloatBuffer(count: count)
        buffer.pointer.update(from: randomValues(count, stream: stream), count: count)
        return buffer
    }

    /// To the nearest, ties to even.
    private func rounded(_ value: Float) -> Double {
        let bits = value.bitPattern
        let up = bits &+ 0x7fff &+ (bits >> 16 & 1)
        return Double(Float(bitPattern: up & 0xffff_0000))
    }
}
