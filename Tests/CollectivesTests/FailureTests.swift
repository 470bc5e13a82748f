import CollectivesTestKit
import Foundation
import Messaging
import Tensors
import Testing
import Wire

@testable import Collectives

/// What goes wrong ends on every rank, at once, in words that name who and what.
@Suite struct FailureTests {
    private static func mismatch(_ error: any Error) -> String? {
        guard case CollectiveError.mismatch(let text) = error else { return nil }
        return text
    }

    /// Runs a body in which ranks disagree and gives every rank's error. Nobody may have waited for the timeout.
    private func errors(
        ranks: Int, hosts: Int = 1, _ body: @escaping @Sendable (ProcessGroup) throws -> Void
    ) async throws -> [String] {
        var tuning = Tuning()
        tuning.timeout = .seconds(120)
        // The words come by message, however late.
        tuning.reasonTimeout = .seconds(30)
        let ensemble = Ensemble(ranks: ranks, slices: ranks, tuning: tuning, hosts: hosts)
        return await ensemble.run(body).map { outcome -> String in
            guard case .failure(let error) = outcome else { return "no error" }
            if case CollectiveError.timedOut = error { Issue.record("a rank waited for the timeout: \(error)") }
            return Self.mismatch(error) ?? "\(error)"
        }
    }

    @Test(arguments: AllReduceMatrixTests.algorithms, [2, 3, 4, 7, 16])
    func otherLengths(algorithm: AllReduce.Algorithm, ranks: Int) async throws {
        let errors = try await errors(ranks: ranks) { group in
            let count = group.rank == 1 ? 101 : 100
            let buffer = FloatBuffer(count: count)
            try group.allReduce("layers.0.weight", [buffer], into: buffer, count: count, algorithm: algorithm)
        }
        let name = algorithm.rawValue
        for error in errors {
            #expect(error.contains("rank 1 (worker-1) is in all-reduce of layers.0.weight (101 x f32, \(name))"))
            #expect(error.contains("is in all-reduce of layers.0.weight (100 x f32, \(name))"))
        }
    }

    @Test func otherAlgorithms() async throws {
        let errors = try await errors(ranks: 3) { group in
            let buffer = FloatBuffer(count: 100)
            try group.allReduce(
                "w", [buffer], into: buffer, count: 100, algorithm: group.rank == 2 ? .ring : .direct)
        }
        for error in errors {
            #expect(error.contains("rank 2 (worker-2) is in all-reduce of w (100 x f32, ring)"))
            #expect(error.contains("is in all-reduce of w (100 x f32, direct)"))
        }
    }

    @Test func otherTypes() async throws {
        let errors = try await errors(ranks: 2) { group in
            let buffer = FloatBuffer(count: 10)
            try group.allReduce("w", [buffer], into: buffer, count: 10, wire: group.rank == 0 ? .f32 : .bf16)
        }
        for error in errors {
            #expect(
                error == "rank 0 (worker-0) is in all-reduce of w (10 x f32, exchange), "
                    + "rank 1 (worker-1) is in all-reduce of w (10 x f32 as bf16, exchange)")
        }
    }

    @Test func otherOperations() async throws {
        let errors = try await errors(ranks: 4) { group in
            let buffer = FloatBuffer(count: 10)
            if group.rank == 2 {
                try group.broadcast("w", buffer, into: buffer, count: 10, root: 3)
            } else {
                try group.allReduce("w", [buffer], into: buffer, count: 10)
            }
        }
        for error in errors {
            #expect(error.contains("rank 2 (worker-2) is in broadcast of w (10 x f32, from rank 3)"))
            #expect(error.contains("is in all-reduce of w"))
        }
    }

    @Test func otherOrder() async throws {
        let errors = try await errors(ranks: 2) { group in
            let buffer = FloatBuffer(count: 10)
            for name in group.rank == 0 ? ["a", "b"] : ["b", "a"] {
                try group.allReduce(name, [buffer], into: buffer, count: 10)
            }
        }
        for error in errors {
            #expect(error.contains("rank 0 (worker-0) is in all-reduce of a"))
            #expect(error.contains("rank 1 (worker-1) is in all-reduce of b"))
        }
    }

    @Test func otherLengthsInSharedMemory() async throws {
        let errors = try await errors(ranks: 3) { group in
            let (shared, layout) = try SharedMemoryTests.open(group, count: 200)
            let count = group.rank == 1 ? 101 : 100
            let plan = AllReduce.plan(.shared, count: count, layout: layout, tuning: group.tuning)
            try group.run(
                Collective("all-reduce", of: "w", count: count, plan: plan), CollectiveBuffers(shared: shared))
        }
        for error in errors {
            #expect(error.contains("rank 1 (worker-1) is in all-reduce of w (101 x f32)"))
            #expect(error.contains("is in all-reduce of w (100 x f32)"))
        }
    }

    @Test func otherOperationsAndOrderInSharedMemory() async throws {
        let errors = try await errors(ranks: 3) { group in
            let (shared, layout) = try SharedMemoryTests.open(group, count: 200)
            let sum = Collective(
                "all-reduce", of: "w", count: 100,
                plan: AllReduce.plan(.shared, count: 100, layout: layout, tuning: group.tuning))
            let barrier = Collective("barrier", of: "epoch", count: 0, plan: Barrier.shared(layout: layout))
            for collective in group.rank == 0 ? [barrier, sum] : [sum, barrier] {
                try group.run(collective, CollectiveBuffers(shared: shared))
            }
        }
        for error in errors {
            #expect(error.contains("rank 0 (worker-0) is in barrier of epoch"))
            #expect(error.contains("is in all-reduce of w (100 x f32)"))
        }
    }

    /// Noticed inside one host, and told to those on the other.
    @Test func otherLengthsBetweenHosts() async throws {
        let errors = try await errors(ranks: 4, hosts: 2) { group in
            let (shared, layout) = try SharedMemoryTests.open(group, count: 200)
            let count = group.rank == 3 ? 101 : 100
            let plan = AllReduce.plan(.hierarchical, count: count, layout: layout, tuning: group.tuning)
            try group.run(
                Collective("all-reduce", of: "w", count: count, plan: plan), CollectiveBuffers(shared: shared))
        }
        for error in errors {
            #expect(error.contains("rank 3 (worker-3) is in all-reduce of w (101 x f32)"))
            #expect(error.contains("is in all-reduce of w (100 x f32)"))
        }
    }

    @Test func messagesHereAndSharedMemoryThere() async throws {
        let errors = try await errors(ranks: 3) { group in
            let (shared, layout) = try SharedMemoryTests.open(group, count: 200)
            if group.rank == 0 { return try group.barrier("epoch") }
            let plan = AllReduce.plan(.shared, count: 100, layout: layout, tuning: group.tuning)
            try group.run(Collective("all-reduce", of: "w", count: 100, plan: plan), CollectiveBuffers(shared: shared))
        }
        for error in errors {
            #expect(error.contains("rank 0 (worker-0) is in barrier of epoch"))
            #expect(error.contains("is in all-reduce of w (100 x f32)"))
        }
    }

    @Test func silenceEndsInAnErrorThatNamesWhoIsMissing() async throws {
        var tuning = Tuning()
        tuning.timeout = .milliseconds(100)
        let ensemble = Ensemble(ranks: 3, slices: 3, tuning: tuning) { segment, _ in segment.sender == 2 }
        let outcomes = await ensemble.run { group in
            // Each begins when it has what it gets at all: nobody but the rank that is not heard is late.
            if group.rank != 1 { ensemble.waitForDelivery(of: 2, from: 1) }
            if group.rank == 2 { ensemble.waitForDelivery(of: 2, from: 0) }
            return try group.allGather([], named: "test")
        }
        #expect(
            throws: CollectiveError.timedOut(
                operation: "all-gather of test", missing: ["rank 2 (worker-2)"], after: .milliseconds(100))
        ) { try outcomes[0].get() }
        #expect(try outcomes[2].get().count == 3)
    }

    @Test func silenceInSharedMemoryEndsTheSameWay() async throws {
        let begun = Board(ranks: 3)
        let outcomes = await Ensemble(ranks: 3, slices: 3).run { group in
            let (shared, layout) = try SharedMemoryTests.open(group, count: 16)
            if group.rank == 2 { return }
            let operation = CollectiveOperation(
                Collective("barrier", of: "test", count: 0, plan: Barrier.shared(layout: layout)), in: group,
                CollectiveBuffers(shared: shared))
            // Both have come before either waits: nobody but the rank that does not come is late.
            try operation.start()
            begun.come(group.rank, 1)
            while begun.rounds()[..<2] != [1, 1] { sched_yield() }
            group.tuning.timeout = .milliseconds(100)
            _ = try operation.advance(waiting: true)
        }
        for outcome in outcomes[..<2] {
            #expect(
                throws: CollectiveError.timedOut(
                    operation: "barrier of test", missing: ["rank 2 (worker-2)"], after: .milliseconds(100))
            ) { try outcome.get() }
        }
    }

    @Test(arguments: [false, true])
    func anAbortWakesWhoWaits(inSharedMemory: Bool) async throws {
        let ensemble = Ensemble(ranks: 2, slices: 2)
        let outcomes = await ensemble.run { group in
            let (shared, layout) = try SharedMemoryTests.open(group, count: 16)
            if group.rank == 1 { return ensemble.groups[0].abort("worker-1 died") }
            let plan = inSharedMemory ? Barrier.shared(layout: layout) : Barrier.plan(layout: layout)
            try group.run(
                Collective("barrier", of: "test", count: 0, plan: plan), CollectiveBuffers(shared: shared))
        }
        #expect(throws: CollectiveError.aborted(reason: "worker-1 died")) { try outcomes[0].get() }
    }

    @Test func aPeerFarAheadFailsTheGroupInsteadOfFillingMemory() throws {
        var tuning = Tuning()
        tuning.inboxBytes = 10
        let ensemble = Ensemble(ranks: 2, slices: 2, tuning: tuning)
        let segment = TensorSegment(
            group: 7, operation: 9, phase: 0, segment: 0, sender: 1, signature: 0, part: 0)
        ensemble.groups[0].deliver(segment, Frame(copying: [UInt8](repeating: 0, count: 11)))
        #expect(throws: CollectiveError.inboxFull(peer: "worker-1", limit: 10)) { try ensemble.groups[0].check() }
    }
}
