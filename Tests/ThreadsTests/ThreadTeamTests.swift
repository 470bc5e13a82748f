import Foundation
import Synchronization
import Testing
import Threads

@Suite(.timeLimit(.minutes(10))) struct ThreadTeamTests {
    struct Problem: Error, Equatable {
        var member: Int
    }

    /// Work that calls a closure.
    struct Each: TeamWork {
        let body: (_ member: Int) throws -> Void

        func run(member: Int) throws { try body(member) }
    }

    /// Work whose parts are more than a register or an existential's own room holds.
    struct Wide: TeamWork {
        let values: (Int, Int, Int, Int, Int)
        let results: UnsafeMutablePointer<Int>

        func run(member: Int) { results[member] = values.0 + values.1 + values.2 + values.3 + values.4 + member }
    }

    @Test(arguments: 1...5)
    func everyMemberTakesPartInEveryRound(count: Int) throws {
        let team = try ThreadTeam(count: count, name: "test")
        let visits = Mutex([Int](repeating: 0, count: count))
        for _ in 0..<1000 { try team.run(Each { member in visits.withLock { $0[member] += 1 } }) }
        #expect(visits.withLock { $0 } == Array(repeating: 1000, count: count))
    }

    /// A round that began before the last one was over would see its work.
    @Test func aRoundIsOverWhenAllAreDone() throws {
        let team = try ThreadTeam(count: 3, name: "test")
        let done = Atomic<Int>(0)
        for round in 0..<200 {
            try team.run(
                Each { member in
                    // Every member is the last one at times; some have gone to sleep.
                    if (member + round) % 3 == 0 { usleep(UInt32(round)) }
                    done.add(1, ordering: .relaxed)
                })
            #expect(done.load(ordering: .relaxed) == 3 * (round + 1))
        }
    }

    /// What a round works on is an argument of that round.
    @Test(arguments: [1, 3]) func everyRoundHasWorkOfItsOwn(count: Int) throws {
        let team = try ThreadTeam(count: count, name: "test")
        let results = UnsafeMutablePointer<Int>.allocate(capacity: count)
        defer { results.deallocate() }
        for round in 0..<200 {
            try team.run(Wide(values: (round, 1, 2, 3, 4), results: results))
            #expect((0..<count).map { results[$0] } == (0..<count).map { round + 10 + $0 })
        }
    }

    @Test func theFirstErrorOfARoundIsThrownAndTheTeamGoesOn() throws {
        let team = try ThreadTeam(count: 4, name: "test")
        #expect(throws: Problem(member: 1)) {
            try team.run(Each { member in if member > 0 { throw Problem(member: member) } })
        }
        #expect(throws: Problem(member: 0)) {
            try team.run(Each { member in if member == 0 { throw Problem(member: member) } })
        }
        try team.run(Each { _ in })
    }

    @Test func mapKeepsTheOrder() throws {
        let team = try ThreadTeam(count: 3, name: "test")
        #expect(try team.map(7) { index, _ in 10 * index } == [0, 10, 20, 30, 40, 50, 60])
        #expect(try team.map(1) { index, _ in index } == [0])
        #expect(try team.map(0) { index, _ in index } == [])
    }

    /// Not at once: a thread is listed for a moment after it can be joined, and a list that is read while threads end may
    /// be cut short.
    @Test func theThreadsHaveNamesAndEndWithTheTeam() async throws {
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap {
                try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)
            }.filter { $0.hasPrefix("brief-") }.sorted()
        }
        do {
            let team = try ThreadTeam(count: 3, name: "brief")
            try team.run(Each { _ in })
            while try names() != ["brief-1\n", "brief-2\n"] { try await Task.sleep(for: .milliseconds(1)) }
            withExtendedLifetime(team) {}
        }
        while try names() != [] { try await Task.sleep(for: .milliseconds(1)) }
    }
}
