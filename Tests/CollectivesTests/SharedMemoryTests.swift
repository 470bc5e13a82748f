import CollectivesTestKit
import Foundation
import Tensors
import Testing

@testable import Collectives

/// Collectives in memory that the ranks share, inside one host and between several.
@Suite struct SharedMemoryTests {
    /// Shared buffers for a test, with what each rank gives in its inputs.
    static func open(_ group: ProcessGroup, count: Int) throws -> (SharedBuffers, GroupLayout) {
        var layout = group.layout
        layout.hosts = try group.findHosts()
        let stride = (count + 31) / 16 * 16
        let buffers = AllReduce.hierarchicalBufferCount(layout)
        let memory = try #require(try group.shareMemory(floats: buffers * stride, named: "test"))
        return (SharedBuffers(memory, count: stride, stride: stride), layout)
    }

    static func fill(_ shared: SharedBuffers, _ group: ProcessGroup, offset: Int, count: Int) {
        for (index, node) in group.tree.cover(of: group.mine).enumerated() {
            let buffer = shared.buffer(index, ofRank: group.rank)
            for element in 0..<count { buffer.pointer[offset + element] = Numbers.sum(node, index: element) }
        }
    }

    @Test(arguments: 2...16)
    func allReduceOnOneHostIsTheSumOfTheTree(ranks: Int) async throws {
        for slices in [ranks, ranks + 1, 2 * ranks] {
            for count in Numbers.counts {
                let outcomes = await Ensemble(ranks: ranks, slices: slices, tuning: Numbers.tuning).run { group in
                    let (shared, layout) = try Self.open(group, count: count + 3)
                    let resultBuffer = AllReduce.hierarchicalResultBuffer(layout)
                    var results: [[UInt32]] = []
                    // Back to back; the last one in place.
                    let places: [SharedResult] = [
                        .common(buffer: resultBuffer), .everywhere(buffer: resultBuffer), .everywhere(buffer: 0),
                    ]
                    for result in places {
                        Self.fill(shared, group, offset: 3, count: count)
                        let plan = AllReduce.plan(
                            .shared, count: count, layout: layout, tuning: group.tuning, result: result)
                        try group.run(
                            Collective("all-reduce", of: "test", count: count, plan: plan),
                            CollectiveBuffers(offset: 3, shared: shared))
                        let place =
                            switch result {
                            case .common(let buffer): shared.buffer(buffer, ofRank: 0)
                            case .everywhere(let buffer): shared.buffer(buffer, ofRank: group.rank)
                            }
                        results.append(Numbers.bits(place, 3..<count + 3))
                    }
                    return results
                }
                let expected = (0..<count).map { Numbers.sum(0..<slices, index: $0).bitPattern }
                let areRight = try outcomes.map { try $0.get() == [expected, expected, expected] }
                #expect(!areRight.contains(false), "\(count) on \(ranks), \(slices) slices")
            }
        }
    }

    @Test(arguments: 2...16, [2, 3, 4])
    func allReduceBetweenHostsIsTheSumOfTheTree(ranks: Int, hosts: Int) async throws {
        guard hosts < ranks else { return }
        for (index, count) in Numbers.counts.enumerated() {
            let slices = [ranks, ranks + 1, 2 * ranks][index % 3]
            let ensemble = Ensemble(ranks: ranks, slices: slices, tuning: Numbers.tuning, seed: 9, hosts: hosts)
            let outcomes = await ensemble.run { group in
                let (shared, layout) = try Self.open(group, count: count + 3)
                let plan = AllReduce.plan(.hierarchical, count: count, layout: layout, tuning: group.tuning)
                let operation = CollectiveOperation(
                    Collective("all-reduce", of: "test", count: count, plan: plan), in: group,
                    CollectiveBuffers(offset: 3, shared: shared))
                let result = shared.buffer(
                    AllReduce.hierarchicalResultBuffer(layout), ofRank: layout.neighbours[0])
                return try (0..<2).map { _ in
                    Self.fill(shared, group, offset: 3, count: count)
                    try operation.run()
                    return Numbers.bits(result, 3..<count + 3)
                }
            }
            let expected = (0..<count).map { Numbers.sum(0..<slices, index: $0).bitPattern }
            let areRight = try outcomes.map { try $0.get() == [expected, expected] }
            #expect(!areRight.contains(false), "\(count) on \(ranks) ranks, \(slices) slices")
        }
    }

    /// The others, back to back in the same memory.
    @Test(arguments: 2...16)
    func theOtherCollectivesOnOneHost(ranks: Int) async throws {
        for block in [0, 1, 7, 100, 1000] {
            let count = ranks * block
            let shares = Ranges.shares(of: 0..<count, ranks: ranks)
            let outcomes = await Ensemble(ranks: ranks, slices: ranks, tuning: Numbers.tuning).run { group in
                let (shared, layout) = try Self.open(group, count: count + 3)
                func run(_ kind: String, _ plan: Plan) throws {
                    try group.run(
                        Collective(kind, of: "test", count: count, plan: plan),
                        CollectiveBuffers(offset: 3, shared: shared))
                }
                let target = shared.buffer(1, ofRank: group.rank)
                Self.fill(shared, group, offset: 3, count: count)
                try run("reduce-scatter", ReduceScatter.shared(count: count, layout: layout, into: 1))
                let share = shares[group.rank]
                var results = [Numbers.bits(target, 3 + share.lowerBound..<3 + share.upperBound)]
                try run("all-gather", AllGather.shared(count: count, layout: layout, from: 1, into: 1))
                results.append(Numbers.bits(target, 3..<count + 3))
                try run("broadcast", Broadcast.shared(count: count, root: ranks - 1, layout: layout, from: 0, into: 1))
                results.append(Numbers.bits(target, 3..<count + 3))
                try run("barrier", Barrier.shared(layout: layout))
                try run("all-to-all", AllToAll.shared(block: block, layout: layout, from: 0, into: 1))
                results.append(Numbers.bits(target, 3..<count + 3))
                return results
            }
            let sum = (0..<count).map { Numbers.sum(0..<ranks, index: $0).bitPattern }
            for (rank, outcome) in outcomes.enumerated() {
                let results = try outcome.get()
                #expect(results[0] == shares[rank].map { sum[$0] })
                #expect(results[1] == sum)
                #expect(results[2] == (0..<count).map { Numbers.value(slice: ranks - 1, index: $0).bitPattern })
                let transposed = (0..<ranks).flatMap { sender in
                    (0..<block).map { Numbers.value(slice: sender, index: rank * block + $0).bitPattern }
                }
                #expect(results[3] == transposed)
            }
        }
    }

    @Test func operationsOutnumberLanes() async throws {
        let outcomes = await Ensemble(ranks: 3, slices: 3).run { group in
            let (shared, layout) = try Self.open(group, count: 40 * 16)
            Self.fill(shared, group, offset: 0, count: 40 * 16)
            let plan = AllReduce.plan(
                .shared, count: 16, layout: layout, tuning: group.tuning, result: .everywhere(buffer: 0))
            // As many under way at once as there are lanes, over and over.
            for round in 0..<3 {
                let operations = (0..<13).map { index in
                    CollectiveOperation(
                        Collective("all-reduce", of: "test \(index)", count: 16, plan: plan), in: group,
                        CollectiveBuffers(offset: (round * 13 + index) * 16, shared: shared))
                }
                for operation in operations { try operation.start() }
                for operation in operations { _ = try operation.advance(waiting: true) }
            }
            return Numbers.bits(shared.buffer(0, ofRank: group.rank), 0..<39 * 16)
        }
        let expected = (0..<39 * 16).map { Numbers.sum(0..<3, index: $0).bitPattern }
        for outcome in outcomes { #expect(try outcome.get() == expected) }
    }

    /// Buckets of a gradient on several hosts are begun one after the other while the backward pass runs: more of them
    /// than there are lanes. A rank that comes when the others have begun as many as they can must not take them for
    /// further than they are.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func moreOperationsAtOnceThanLanes(seed: UInt64) async throws {
        let (buckets, size) = (20, 40)
        let count = buckets * size
        let begun = Board(ranks: 4)
        let outcomes = await Ensemble(ranks: 4, slices: 4, tuning: Numbers.tuning, seed: seed, hosts: 2).run { group in
            let (shared, layout) = try Self.open(group, count: count)
            let plan = AllReduce.plan(.hierarchical, count: size, layout: layout, tuning: group.tuning)
            let result = shared.buffer(
                AllReduce.hierarchicalResultBuffer(layout), ofRank: layout.neighbours[0])
            let operations = (0..<buckets).map { index in
                CollectiveOperation(
                    Collective("all-reduce", of: "bucket \(index)", count: size, plan: plan), in: group,
                    CollectiveBuffers(offset: index * size, shared: shared))
            }
            return try (0..<3).map { round in
                let all = round * buckets + SharedLayout.lanes
                while group.rank == round, begun.rounds().filter({ $0 >= all }).count < 3 { sched_yield() }
                for (index, operation) in operations.enumerated() {
                    Self.fill(shared, group, offset: index * size, count: size)
                    try operation.start()
                    begun.come(group.rank, round * buckets + index + 1)
                    for earlier in operations[...index] { _ = try earlier.advance(waiting: false) }
                }
                for operation in operations { _ = try operation.advance(waiting: true) }
                return Numbers.bits(result, 0..<count)
            }
        }
        let bucket = (0..<size).map { Numbers.sum(0..<4, index: $0).bitPattern }
        let expected = Array(repeating: bucket, count: buckets).flatMap(\.self)
        for outcome in outcomes {
            for result in try outcome.get() { #expect(result == expected) }
        }
    }

    @Test func ranksThatMayNotShareSendMessages() async throws {
        var tuning = Numbers.tuning
        tuning.sharesMemory = false
        let outcomes = await Ensemble(ranks: 2, slices: 2, tuning: tuning).run { group in
            let hosts = try group.findHosts()
            return (hosts, try group.shareMemory(floats: 16, named: "test") == nil)
        }
        for outcome in outcomes {
            #expect(try outcome.get().0 == [[0], [1]])
            #expect(try outcome.get().1)
        }
    }
}
