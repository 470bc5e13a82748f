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

    /// Without and with class weights and smoothing; one row has no label.
    @Test(arguments: widths)
    func crossEntropy(_ columns: Int) throws {
        let rows = 6
        let logits = randomValues(rows * columns, low: -30, high: 30)
        let probabilities = randomValues(rows * columns, low: 0.01, high: 1)
        let labels = (0..<rows).map { $0 == 3 ? -1 : Float($0 * 5 % columns) }
        let weights = randomValues(columns, stream: 3, low: 0.2, high: 2)
        // Sums of as many logarithms as there are columns.
        let smooth = KernelComparison(tolerance: 1e-5)
        try weights.withUnsafeBufferPointer { weights in
            let plain = martlet_labels(class_weights: nil, smoothing: 0)
            let weighted = martlet_labels(class_weights: weights.baseAddress, smoothing: 0.1)
            for (counting, compare) in [(plain, compare), (weighted, smooth)] {
                var weight = 0.0
                try compare(length: rows * columns) { table, gradient in
                    table.cross_entropy(logits, labels, counting, gradient, 0.25, rows, columns, &weight)
                }
                try compare(length: 0) { table, _ in
                    table.cross_entropy(logits, labels, counting, nil, 1, rows, columns, &weight) + weight
                }
                try smooth(length: rows * columns) { table, gradient in
                    table.probability_cross_entropy(
                        probabilities, labels, counting, gradient, 0.25, rows, columns, &weight) + weight
                }
            }
        }
    }

    @Test(arguments: KernelPath.allCases.filter(\.isSupported))
    func labelsOutsideTheClassesMakeTheLossNotANumber(_ path: KernelPath) throws {
        let table = try #require(path.table).pointee
        let logits = randomValues(6)
        let counting = martlet_labels(class_weights: nil, smoothing: 0)
        for label in [3, Float.nan, .infinity] as [Float] {
            for kernel in [table.cross_entropy!, table.probability_cross_entropy!] {
                var gradient = [Float](repeating: 5, count: 6)
                var weight = 0.0
                #expect(kernel(logits, [1, label], counting, &gradient, 1, 2, 3, &weight).isNaN)
                #expect(gradient[3...] == [0, 0, 0])
                #expect(weight == 1)
            }
        }
    }

    @Test(arguments: KernelPath.allCases.filter(\.isSupported))
    func labelsBelowZeroAreIgnored(_ path: KernelPath) throws {
        let table = try #require(path.table).pointee
        let logits = randomValues(6)
        let counting = martlet_labels(class_weights: nil, smoothing: 0.1)
        var gradient = [Float](repeating: 5, count: 6)
        var weight = 0.0
        let alone = table.cross_entropy(logits, [1], counting, nil, 1, 1, 3, &weight)
        #expect(table.cross_entropy(logits, [1, -1], counting, &gradient, 1, 2, 3, &weight) == alone)
        #expect(gradient[3...] == [0, 0, 0])
        #expect(weight == 1)
        let first = table.binary_cross_entropy(logits, [1], counting, nil, 1, 1, &weight)
        #expect(table.binary_cross_entropy(logits, [1, -1], counting, &gradient, 1, 2, &weight) == first)
        #expect(gradient[1] == 0)
        #expect(weight == 1)
    }

    @Test(arguments: widths)
    func divergence(_ columns: Int) throws {
        let rows = 3
        let logits = randomValues(rows * columns, low: -10, high: 10)
        var targets = randomValues(rows * columns, stream: 1, low: 0, high: 2 / Float(columns))
        targets[0] = 0
        let compare = KernelComparison(tolerance: 1e-5)
        for hasGradient in [true, false] {
            try compare(length: hasGradient ? rows * columns : 0) { table, gradient in
                table.kl_divergence(logits, targets, hasGradient ? gradient : nil, 0.5, rows, columns)
            }
        }
    }

    @Test(arguments: KernelComparison.lengths)
    func elementWiseLosses(_ count: Int) throws {
        let x = randomValues(count, low: -40, high: 40)
        let p = randomValues(count, stream: 2, low: 0.01, high: 0.99)
        let targets = randomValues(count, stream: 1, low: 0, high: 1)
        let compare = KernelComparison(tolerance: 1e-5)
        try ([0.5, 3] as [Float]).withUnsafeBufferPointer { weights in
            let plain = martlet_labels(class_weights: nil, smoothing: 0)
            let weighted = martlet_labels(class_weights: weights.baseAddress, smoothing: 0.1)
            for counting in [plain, weighted] {
                for hasGradient in [true, false] {
                    var weight = 0.0
                    let length = hasGradient ? count : 0
                    try compare(length: length) { table, gradient in
                        table.binary_cross_entropy(
                            x, targets, counting, hasGradient ? gradient : nil, 0.5, count, &weight) + weight
                    }
                    try compare(length: length) { table, gradient in
                        table.probability_binary_cross_entropy(
                            p, targets, counting, hasGradient ? gradient : nil, 0.5, count, &weight) + weight
                    }
                }
            }
        }
        for hasGradient in [true, false] {
            try compare(length: hasGradient ? count : 0) { table, gradient in
                table.squared_error(x, targets, hasGradient ? gradient : nil, 0.5, count)
            }
            try compare(length: hasGradient ? count : 0) { table, gradient in
                table.absolute_error(x, targets, hasGradient ? gradient : nil, 0.5, count)
            }
            try compare(length: hasGradient ? count : 0) { table, gradient in
                table.huber(x, targets, 10, hasGradient ? gradient : nil, 0.5, count)
            }
        }
    }
}
