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
}
