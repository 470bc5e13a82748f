import CAllocations
import Collectives
import CollectivesTestKit
import Testing

@testable import Training

/// Memory is taken when a training begins; its steps should take none. What OpenBLAS takes by itself is not counted: its
/// AVX-512 kernels for small products ask for room to pack a factor.
@Suite(
    .enabled(
        if: martlet_allocations_are_counted(), "allocations are counted with glibc and without sanitizers only")
) struct AllocationTests {
    private static let openBLASIsLeftOut: Void = martlet_leave_out_allocations("libopenblas")

    /// Remembers what the training's thread had allocated after each step.
    private final class Counting: Silent {
        private(set) var counts: [UInt64] = []

        override init() { counts.reserveCapacity(64) }

        override func stepped(_ progress: StepProgress) { counts.append(martlet_allocations()) }
    }

    @Test func allocationsAreSeen() {
        let before = martlet_allocations()
        let block = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 64)
        block.deallocate()
        #expect(martlet_allocations() == before + 1)
    }

    /// Allocations in 20 steps: none of a step's own. The tables of operations under way still grow while the first few
    /// hundred operations of a group are begun.
    private static func bound(ranks: Int) -> UInt64 { ranks == 1 ? 0 : 5 }

    @Test(arguments: SmallTraining.all, [(1, 1), (1, 2), (2, 1), (2, 2)])
    func aStepAllocatesNothing(_ training: SmallTraining, of: (ranks: Int, threads: Int)) async throws {
        Self.openBLASIsLeftOut
        let (ranks, threads) = of
        var training = training
        training.threads = threads
        training.rows = 40 * training.specification.batchSize!
        training.specification.epochs = 1
        let outcomes = await Ensemble(ranks: ranks, slices: training.specification.slices).run { [training] group in
            let observer = Counting()
            _ = try training.run(group, observer: observer)
            return observer.counts
        }
        for outcome in outcomes {
            let counts = try outcome.get()
            #expect(counts.count == 40)
            #expect(counts[39] - counts[19] <= Self.bound(ranks: ranks), "\(counts)")
        }
    }
}
