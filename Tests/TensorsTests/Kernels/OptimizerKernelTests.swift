import CKernels
import Testing

@testable import Tensors

struct OptimizerKernelTests {
    let compare = KernelComparison(tolerance: 2e-6)

    @Test(arguments: KernelComparison.lengths, [true, false])
    func steps(_ count: Int, isDecoupled: Bool) throws {
        let gradients = randomValues(count, low: -1, high: 1)
        let start = randomValues(count, stream: 1)
        let first = randomValues(count, stream: 2), second = randomValues(count, stream: 3, low: 0, high: 1)
        let step = OptimizerKernels.Step(
            rate: 0.01, gradientScale: 0.7, gradientBound: 0.5, weightDecay: isDecoupled ? 0 : 0.1,
            decoupledDecay: isDecoupled ? 0.1 : 0
        ).kernel
        try compare(length: count, initial: start) { table, parameters in
            table.sgd(step, parameters, gradients, count)
            return 0
        }
        for (isFirstStep, isNesterov) in [(true, false), (false, false), (true, true), (false, true)] {
            try compare(length: 2 * count, initial: start + first) { table, memory in
                table.momentum(step, 0.9, isNesterov, isFirstStep, memory, gradients, memory + count, count)
                return 0
            }
        }
        for hasVelocity in [true, false] {
            try compare(length: 3 * count, initial: start + second + first) { table, memory in
                table.rmsprop(
                    step, 0.9, 0.1, 1e-3, 0.8, memory, gradients, memory + count,
                    hasVelocity ? memory + 2 * count : nil, count)
                return 0
            }
        }
        try compare(length: 2 * count, initial: start + second) { table, memory in
            table.adagrad(step, 1e-3, memory, gradients, memory + count, count)
            return 0
        }
        let figures = OptimizerKernels.AdamFigures(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, number: 3)
        try compare(length: 3 * count, initial: start + first + second) { table, memory in
            table.adam(step, figures.kernel, memory, gradients, memory + count, memory + 2 * count, count)
            return 0
        }
    }

    @Test(arguments: KernelComparison.lengths)
    func sumOfSquares(_ count: Int) throws {
        let values = randomValues(count)
        try compare(length: 0) { table, _ in table.sum_of_squares(values, count) }
    }

    /// A bound must not hide them from the guard against numbers that are none.
    @Test(arguments: KernelPath.allCases.filter { $0.isSupported && $0 != .reference })
    func aGradientThatIsNoNumberStaysSo(_ path: KernelPath) throws {
        let table = try #require(path.table).pointee
        let step = OptimizerKernels.Step(rate: 0.01, gradientBound: 0.5).kernel
        var parameters = [Float](repeating: 1, count: 40)
        var gradients = parameters
        gradients[33] = .nan
        table.sgd(step, &parameters, gradients, 40)
        #expect(parameters[33].isNaN && parameters[32] == 0.995)
        #expect(table.sum_of_squares(gradients, 40).isNaN)
    }
}
