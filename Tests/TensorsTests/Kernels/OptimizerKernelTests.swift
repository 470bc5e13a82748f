import CKernels
import Testing

@testable import Tensors

struct OptimizerKernelTests {
    let compare = KernelComparison(tolerance: 2e-6)

    @Test(arguments: KernelComparison.lengths)
    func steps(_ count: Int) throws {
        let gradients = randomValues(count, low: -1, high: 1)
        let start = randomValues(count, stream: 1)
        let first = randomValues(count, stream: 2), second = randomValues(count, stream: 3, low: 0, high: 1)
        try compare(length: count, initial: start) { table, parameters in
            table.sgd(0.01, 0.1, parameters, gradients, count)
            return 0
        }
        for isFirstStep in [true, false] {
            try compare(length: 2 * count, initial: start + first) { table, parameters in
                table.momentum(0.01, 0.9, 0.1, isFirstStep, parameters, gradients, parameters + count, count)
                return 0
            }
        }
        for isDecoupled in [true, false] {
            let figures = OptimizerKernels.AdamFigures(
                rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, isDecoupled: isDecoupled, step: 3
            )
            try compare(length: 3 * count, initial: start + first + second) { table, memory in
                table.adam(figures.kernel, memory, gradients, memory + count, memory + 2 * count, count)
                return 0
            }
        }
    }
}
