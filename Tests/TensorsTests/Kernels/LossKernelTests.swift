import CKernels
import Testing

@testable import Tensors

struct LossKernelTests {
    let compare = KernelComparison(tolerance: 2e-6)
    static let widths = KernelComparison.lengths.filter { $0 > 0 }

    @Test(arguments: widths)
    func softmax(_ columns: Int) throws {
        let rows = 4
        let x = randomValues(rows * columns, low: -20, high: 20)
        let slopes = randomValues(rows * columns, stream: 1)
        try compare(length: rows * columns) { table, y in
            table.softmax_forward(x, y, rows, columns)
            return 0
        }
        let y = randomValues(rows * columns, stream: 2, low: 0, high: 2 / Float(columns))
        try compare(length: rows * columns) { table, dx in
            table.softmax_backward(y, slopes, dx, rows, columns)
            return 0
        }
    }

    @Test(arguments: widths)
    func crossEntropy(_ columns: Int) throws {
        let rows = 6
        let logits = randomValues(rows * columns, low: -30, high: 30)
        let labels = (0..<rows).map { Float($0 * 5 % columns) }
        try compare(length: rows * columns) { table, gradient in
            table.cross_entropy(logits, labels, gradient, 0.25, rows, columns)
        }
        try compare(length: 0) { table, _ in table.cross_entropy(logits, labels, nil, 1, rows, columns) }
    }

    @Test(arguments: KernelPath.allCases.filter(\.isSupported))
    func labelsOutsideTheClassesMakeTheLossNotANumber(_ path: KernelPath) throws {
        let table = try #require(path.table).pointee
        let logits = randomValues(6)
        for label in [-1, 3, Float.nan, .infinity] as [Float] {
            var gradient = [Float](repeating: 5, count: 6)
            #expect(table.cross_entropy(logits, [1, label], &gradient, 1, 2, 3).isNaN)
            #expect(gradient[3...] == [0, 0, 0])
            #expect(gradient[1] < 0)
        }
    }

    @Test(arguments: KernelComparison.lengths)
    func elementWiseLosses(_ count: Int) throws {
        let x = randomValues(count, low: -40, high: 40)
        let targets = randomValues(count, stream: 1, low: 0, high: 1)
        let compare = KernelComparison(tolerance: 1e-5)
        try compare(length: count) { table, gradient in
            table.binary_cross_entropy(x, targets, gradient, 0.5, count)
        }
        try compare(length: count) { table, gradient in
            table.squared_error(x, targets, gradient, 0.5, count)
        }
        try compare(length: 0) { table, _ in
            table.binary_cross_entropy(x, targets, nil, 1, count) + table.squared_error(x, targets, nil, 1, count)
        }
    }
}
