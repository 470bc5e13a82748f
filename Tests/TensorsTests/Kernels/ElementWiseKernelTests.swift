import CKernels
import Foundation
import Testing

@testable import Tensors

struct ElementWiseKernelTests {
    let compare = KernelComparison()
    static let functions = Activation.allCases.map(\.kernel)

    @Test(arguments: KernelComparison.lengths)
    func sums(_ count: Int) throws {
        let x = randomValues(count)
        try compare(length: count, initial: randomValues(count, stream: 1)) { table, y in
            table.add(y, x, y, count)
            table.scale(0.37, y, y, count)
            return 0
        }
    }

    @Test(arguments: KernelComparison.lengths)
    func normalization(_ columns: Int) throws {
        let offsets = randomValues(columns), scales = randomValues(columns, stream: 1)
        try compare(length: 3 * columns, initial: randomValues(3 * columns, stream: 2)) { table, y in
            table.normalize_rows(y, offsets, scales, y, 3, columns)
            return 0
        }
    }

    @Test(arguments: KernelComparison.lengths, functions)
    func activations(_ count: Int, _ activation: martlet_activation) throws {
        let x = randomValues(count, low: -12, high: 12), slopes = randomValues(count, stream: 1)
        try compare(length: count) { table, y in
            table.activation_forward(activation, x, y, count)
            return 0
        }
        let y = randomValues(count, low: 0, high: 1)
        try compare(length: count) { table, gradient in
            table.activation_backward(activation, y, slopes, gradient, count)
            return 0
        }
    }

    @Test(arguments: KernelComparison.lengths, [martlet_function.leaky_relu, .gelu, .gelu_tanh, .silu])
    func pointFunctions(_ count: Int, _ function: martlet_function) throws {
        let x = randomValues(count, low: -9, high: 9), slopes = randomValues(count, stream: 1)
        try compare(length: count) { table, y in
            table.function_forward(function, 0.3, x, y, count)
            return 0
        }
        try compare(length: count) { table, gradient in
            table.function_backward(function, 0.3, x, slopes, gradient, count)
            return 0
        }
    }

    @Test(arguments: KernelComparison.lengths, functions)
    func biases(_ columns: Int, _ activation: martlet_activation) throws {
        let rows = 5
        let count = rows * columns
        let compare = KernelComparison(tolerance: 1e-5)
        let initial = randomValues(count)
        let bias = randomValues(max(rows, columns), stream: 1)
        for bias in [bias, nil] as [[Float]?] {
            try compare(length: count, initial: initial) { table, y in
                table.bias_columns_forward(activation, bias, y, rows, columns)
                return 0
            }
            try compare(length: count, initial: initial) { table, y in
                table.bias_rows_forward(activation, bias, y, rows, columns)
                return 0
            }
        }
        let y = randomValues(count, stream: 2, low: -1, high: 1)
        // The bias gradient behind the gradient, so that both are compared.
        try compare(length: count + columns, initial: initial + [Float](repeating: 3, count: columns)) { table, dy in
            table.bias_columns_backward(activation, y, dy, dy + count, rows, columns)
            return 0
        }
        try compare(length: count + rows, initial: initial + [Float](repeating: 3, count: rows)) { table, dy in
            table.bias_rows_backward(activation, y, dy, dy + count, rows, columns)
            return 0
        }
        try compare(length: count, initial: initial) { table, dy in
            table.bias_columns_backward(activation, y, dy, nil, rows, columns)
            table.bias_rows_backward(activation, y, dy, nil, rows, columns)
            return 0
        }
    }

    @Test(arguments: KernelComparison.vectorPaths)
    func sigmoidAndTanhAreAccurateAndSaturate(_ path: KernelPath) throws {
        let table = try #require(path.table).pointee
        let x = (-4000...4000).map { Float($0) / 40 } + [1e-30, -1e-30, 1e30, -1e30, .infinity, -.infinity, 0]
        var sigmoid = x, tanh = x
        table.activation_forward(.sigmoid, x, &sigmoid, x.count)
        table.activation_forward(.tanh, x, &tanh, x.count)
        for (index, value) in x.enumerated() {
            // The absolute part is for results below the smallest normal float.
            let expected = 1 / (1 + exp(-Double(value)))
            #expect(abs(Double(sigmoid[index]) - expected) <= 1e-6 * expected + 3e-38, "sigmoid(\(value))")
            let tangent = Foundation.tanh(Double(value))
            #expect(abs(Double(tanh[index]) - tangent) <= 1e-6 * abs(tangent), "tanh(\(value))")
        }
    }

    @Test(arguments: KernelPath.allCases.filter(\.isSupported), functions)
    func notANumberStaysVisible(_ path: KernelPath, _ activation: martlet_activation) throws {
        let table = try #require(path.table).pointee
        var values = [Float](repeating: 1, count: 20)
        values[3] = .nan
        values[19] = .nan
        table.activation_forward(activation, values, &values, values.count)
        #expect(values.indices.filter { values[$0].isNaN } == [3, 19])
    }
}
