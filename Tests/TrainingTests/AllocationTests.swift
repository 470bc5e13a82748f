import CAllocations
import Collectives
import CollectivesTestKit
import Testing
import Threads

@testable import Training

/// Memory is taken when a training begins; its steps should take none. What OpenBLAS takes by itself is not counted: its
/// AVX-512 kernels for small products ask for room to pack a factor.
@Suite(
    .enabled(
        if: martlet_allocations_are_counted(), "allocations are counted with glibc and without sanitizers only")
) struct AllocationTests {
    private static let openBLASIsLeftOut: Void = martlet_leave_out_allocations("libopenblas")

    /// Remembers what every thread of a worker had allocated after each step.
    private final class Counting: Silent {
        private let team: ThreadTeam
        private let counts: UnsafeMutableBufferPointer<UInt64>
        private var steps = 0

        init(_ team: ThreadTeam, steps: Int) {
            self.team = team
            counts = .allocate(capacity: steps * team.count)
            counts.initialize(repeating: 0)
        }

        deinit { counts.deallocate() }

        override func stepped(_ progress: StepProgress) {
            let first = steps * team.count
            do {
                try team.run(Reading(counts: UnsafeMutableBufferPointer(rebasing: counts[first..<first + team.count])))
            } catch {
                Issue.record(error)
            }
            steps += 1
        }

        /// By member, then by step.
        var byMember: [[UInt64]] {
            (0..<team.count).map { member in (0..<steps).map { counts[$0 * team.count + member] } }
        }
    }

    /// Every member looks at its own count.
    private struct Reading: TeamWork {
        let counts: UnsafeMutableBufferPointer<UInt64>

        func perform(member: Int) { counts[member] = martlet_allocations() }
    }

    @Test func allocationsAreSeen() {
        let before = martlet_allocations()
        let block = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 64)
        block.deallocate()
        #expect(martlet_allocations() == before + 1)
    }

    /// Allocations of a thread in 20 steps: none of a step's own. The tables of operations under way, which the first
    /// thread begins, still grow while the first few hundred operations of a group are begun.
    private static func bound(ranks: Int, member: Int) -> UInt64 { ranks == 1 || member > 0 ? 0 : 5 }

    @Test(arguments: SmallTraining.all, [(1, 1), (1, 2), (2, 1), (2, 2)])
    func aStepAllocatesNothing(_ training: SmallTraining, of: (ranks: Int, threads: Int)) async throws {
        try await expectNoAllocations(of: training, ranks: of.ranks, threads: of.threads)
    }

    /// The update waits until the norm of the whole gradient is known, and several batches make up a step.
    @Test(arguments: [(1, 1), (1, 2), (2, 1), (2, 2)])
    func aStepThatIsJudgedAllocatesNothing(of: (ranks: Int, threads: Int)) async throws {
        var training = SmallTraining.all[0]
        training.specification.clipping.norm = 0.1
        training.specification.spikeGuard = TrainSpecification.SpikeGuard(lossFactor: 100, gradientFactor: 100)
        training.specification.accumulation = 2
        try await expectNoAllocations(of: training, ranks: of.ranks, threads: of.threads)
    }

    private func expectNoAllocations(of training: SmallTraining, ranks: Int, threads: Int) async throws {
        Self.openBLASIsLeftOut
        var training = training
        training.threads = threads
        training.rows = 40 * training.specification.accumulation * training.specification.batchSize!
        training.specification.epochs = 1
        let outcomes = await Ensemble(ranks: ranks, slices: training.specification.slices).run { [training] group in
            let run = try training.makeRun(group)
            let observer = Counting(run.evaluator.team.threads, steps: 40)
            _ = try run.run(observer: observer)
            return observer.byMember
        }
        for outcome in outcomes {
            let members = try outcome.get()
            #expect(members.count == threads)
            for (member, counts) in members.enumerated() {
                #expect(counts.count == 40)
                let bound = Self.bound(ranks: ranks, member: member)
                #expect(counts[39] - counts[19] <= bound, "thread \(member): \(counts)")
            }
        }
    }
}
