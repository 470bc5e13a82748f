import Foundation
import Testing

@testable import Tensors

struct NormalDistributionTests {
    /// Held against the error function of the system's library.
    @Test func quantilesInvertTheDistribution() {
        for index in 1..<4000 {
            let share = Double(index) / 4000
            let value = NormalDistribution.quantile(share)
            #expect(abs(0.5 * erfc(-value / 2.0.squareRoot()) - share) < 1e-14)
        }
        #expect(abs(NormalDistribution.quantile(0x1p-25) - -5.419983174916869) < 1e-12)
        #expect(NormalDistribution.quantile(0.5) == 0)
        #expect(NormalDistribution.quantile(0.25) == -NormalDistribution.quantile(0.75))
    }

    @Test(arguments: [1e-300, 0x1p-25, 0.3, 0.70710678, 1, 1.41421357, 2, 10, 1e300])
    func logarithms(_ x: Double) {
        #expect(abs(NormalDistribution.logarithm(x) - log(x)) <= 4e-16 * max(1, abs(log(x))))
    }
}
