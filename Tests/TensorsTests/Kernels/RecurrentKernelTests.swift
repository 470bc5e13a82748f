import CKernels
import Testing

@testable import Tensors

struct RecurrentKernelTests {
    let compare = KernelComparison(tolerance: 5e-6)
    static let widths = KernelComparison.lengths.filter { $0 > 0 && $0 < 100 }
    /// Sequences side by side.
    let rows = 3

    @Test(arguments: widths)
    func simpleCells(_ width: Int) throws {
        let count = rows * width
        let gates = randomValues(count)
        let bias = randomValues(width, stream: 1)
        let slopes = randomValues(count, stream: 2)
        for activation in [martlet_activation.tanh, .relu] {
            try compare(length: 3 * count) { table, values in
                table.rnn_forward(activation, gates, bias, values, values + count, 2 * width, rows, width)
                return 0
            }
            try compare(length: count + width) { table, values in
                table.rnn_backward(
                    activation, gates, slopes, gates, width, values, values + count, rows, width)
                return 0
            }
        }
    }

    @Test(arguments: widths)
    func lstm(_ width: Int) throws {
        let count = rows * width
        let gates = randomValues(4 * count, low: -4, high: 4)
        let bias = randomValues(4 * width, stream: 1)
        let cells = randomValues(count, stream: 2)
        let slopes = randomValues(count, stream: 3)
        let blank = [Float](repeating: 0, count: 3 * count)
        try compare(length: 7 * count, initial: gates + blank) { table, values in
            let cell = values + 4 * count
            table.lstm_forward(values, bias, cells, cell, cell + count, cell + 2 * count, width, rows, width)
            return 0
        }
        let activated = randomValues(4 * count, stream: 4, low: 0, high: 1)
        try compare(length: 5 * count + 4 * width, initial: activated + slopes + bias) { table, values in
            table.lstm_backward(
                values, cells, slopes, cells, slopes, width, values + 4 * count, values + 5 * count, rows, width)
            return 0
        }
    }

    @Test(arguments: widths)
    func gru(_ width: Int) throws {
        let count = rows * width
        let gates = randomValues(3 * count, low: -4, high: 4)
        let projected = randomValues(3 * count, stream: 1)
        let biases = (2...3).map { randomValues(3 * width, stream: $0) }
        let previous = randomValues(count, stream: 4)
        let slopes = randomValues(count, stream: 5)
        let blank = [Float](repeating: 0, count: 3 * count)
        try compare(length: 6 * count, initial: gates + blank) { table, values in
            let memory = values + 3 * count
            table.gru_forward(
                values, projected, biases[0], biases[1], previous, memory, memory + count, memory + 2 * count, width,
                rows, width)
            return 0
        }
        let activated = randomValues(3 * count, stream: 6, low: 0, high: 1)
        let start = activated + projected + slopes + biases[0] + biases[1]
        try compare(length: start.count, initial: start) { table, values in
            let bias = values + 7 * count
            table.gru_backward(
                values, values + 3 * count, slopes, previous, values + 6 * count, slopes, width, bias,
                bias + 3 * width, rows, width)
            return 0
        }
    }

    /// Sums are fused with their products where the CPU can, so paths agree to rounding only.
    @Test(arguments: [(1, 1, 1), (2, 33, 5), (5, 16, 7), (7, 31, 64), (8, 32, 3), (13, 97, 40), (32, 64, 17)])
    func productsWithPanels(_ rows: Int, _ columns: Int, _ depth: Int) throws {
        let a = randomValues(rows * (depth + 2))
        let b = randomValues(depth * columns, stream: 1)
        let start = randomValues(rows * (columns + 3), stream: 2)
        for isTransposed in [false, true] {
            for path in KernelPath.allCases {
                guard let table = path.table?.pointee else { continue }
                var panels = [Float](repeating: .nan, count: Panels.count(columns: columns, depth: depth))
                table.pack_panels(b, isTransposed ? depth : columns, isTransposed, &panels, columns, depth)
                var sums = start
                table.multiply_panels(a, depth + 2, panels, &sums, columns + 3, rows, columns, depth, 1, true)
                var products = start
                table.multiply_panels(a, depth + 2, panels, &products, columns + 3, rows, columns, depth, 1, false)
                for place in 0..<start.count {
                    let (row, column) = (place / (columns + 3), place % (columns + 3))
                    guard column < columns else {
                        // Between the rows nothing is written.
                        #expect(sums[place] == start[place] && products[place] == start[place], "\(path)")
                        continue
                    }
                    let expected = (0..<depth).reduce(0.0) { sum, k in
                        let factor = isTransposed ? b[column * depth + k] : b[k * columns + column]
                        return sum + Double(a[row * (depth + 2) + k]) * Double(factor)
                    }
                    #expect(abs(Double(products[place]) - expected) < 1e-5 * max(1, abs(expected)), "\(path)")
                    #expect(abs(Double(sums[place] - start[place]) - expected) < 1e-4, "\(path)")
                }
            }
        }
    }
}
