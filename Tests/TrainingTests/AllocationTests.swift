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

    /// Every member of a team notes what its thread has allocated.
    private struct Note: TeamWork {
        let counts: UnsafeMutablePointer<UInt64>

        func run(member: Int) { counts[member] = martlet_allocations() }
    }

    /// Remembers what each of the training's threads had allocated after each step.
    private final class Counting: Silent {
        static let limit = 64
        private let team: ThreadTeam
        private let notes: UnsafeMutablePointer<UInt64>
        private(set) var steps = 0

        init(_ team: ThreadTeam) {
            self.team = team
            notes = .allocate(capacity: Self.limit * team.count)
            notes.initialize(repeating: 0, count: Self.limit * team.count)
        }

        deinit { notes.deallocate() }

        override func stepped(_ progress: StepProgress) {
            guard steps < Self.limit else { return }
            do {
                try team.run(Note(counts: notes + steps * team.count))
            } catch {
                Issue.record(error)
            }
            steps += 1
        }

        /// By thread, after each step.
        var counts: [[UInt64]] {
            (0..<team.count).map { member in (0..<steps).map { notes[$0 * team.count + member] } }
        }
    }

    @Test func allocationsAreSeen() {
        let before = martlet_allocations()
        let block = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 64)
        block.deallocate()
        #expect(martlet_allocations() == before + 1)
    }

    /// Not even a round of work that no existential holds in itself.
    @Test(arguments: [1, 2]) func aRoundOfATeamAllocatesNothing(count: Int) throws {
        struct Wide: TeamWork {
            let values: (Int, Int, Int, Int, Int)
            let note: Note

            func run(member: Int) { note.run(member: member) }
        }
        let team = try ThreadTeam(count: count, name: "allocations")
        let counts = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * count)
        defer { counts.deallocate() }
        for round in 0..<100 {
            // What stays are the notes of the 50th round and of the last.
            let target = round < 50 ? counts : counts + count
            try team.run(Wide(values: (round, 1, 2, 3, 4), note: Note(counts: target)))
        }
        for member in 0..<count { #expect(counts[count + member] == counts[member], "thread \(member)") }
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
            let run = try training.makeRun(group)
            let observer = Counting(run.loop.team.threads)
            _ = try run.run(observer: observer)
            return observer.counts
        }
        for outcome in outcomes {
            let members = try outcome.get()
            #expect(members.count == threads)
            for (member, counts) in members.enumerated() {
                #expect(counts.count == 40)
                // Only the first thread has to do with other ranks.
                let bound = member == 0 ? Self.bound(ranks: ranks) : 0
                #expect(counts[39] - counts[19] <= bound, "thread \(member): \(counts)")
            }
        }
    }
}
