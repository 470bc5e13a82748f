import Foundation
import Synchronization
import Testing
import Threads

@Suite(.timeLimit(.minutes(10))) struct ThreadTeamTests {
    struct Problem: Error, Equatable {
        var member: Int
    }

    /// Whatever a test has its members do.
    struct Work: TeamWork {
        let body: (_ member: Int) throws -> Void

        func perform(member: Int) throws { try body(member) }
    }

    /// As large as no existential would hold in place.
    struct Writing: TeamWork {
        var first: Int
        var second: Double
        var third: String
        var places: UnsafeMutableBufferPointer<String>

        func perform(member: Int) { places[member] = "\(first) \(second) \(third) of \(member)" }
    }

    @Test(arguments: 1...5)
    func everyMemberTakesPartInEveryRound(count: Int) throws {
        let team = try ThreadTeam(count: count, name: "test")
        let visits = Mutex([Int](repeating: 0, count: count))
        for _ in 0..<1000 { try team.run(Work { member in visits.withLock { $0[member] += 1 } }) }
        #expect(visits.withLock { $0 } == Array(repeating: 1000, count: count))
    }

    /// A round that began before the last one was over would see its work.
    @Test func aRoundIsOverWhenAllAreDone() throws {
        let team = try ThreadTeam(count: 3, name: "test")
        let done = Atomic<Int>(0)
        for round in 0..<200 {
            try team.run(
                Work { member in
                    // Every member is the last one at times; some have gone to sleep.
                    if (member + round) % 3 == 0 { usleep(UInt32(round)) }
                    done.add(1, ordering: .relaxed)
                })
            #expect(done.load(ordering: .relaxed) == 3 * (round + 1))
        }
    }

    @Test(arguments: [1, 3])
    func everyMemberReadsTheWholeWork(count: Int) throws {
        let team = try ThreadTeam(count: count, name: "test")
        let places = UnsafeMutableBufferPointer<String>.allocate(capacity: count)
        places.initialize(repeating: "")
        defer {
            places.deinitialize()
            places.deallocate()
        }
        for round in 0..<100 {
            try team.run(Writing(first: round, second: 0.5, third: "a text that takes memory", places: places))
            #expect(Array(places) == (0..<count).map { "\(round) 0.5 a text that takes memory of \($0)" })
        }
    }

    @Test func theFirstErrorOfARoundIsThrownAndTheTeamGoesOn() throws {
        let team = try ThreadTeam(count: 4, name: "test")
        #expect(throws: Problem(member: 1)) {
            try team.run(Work { member in if member > 0 { throw Problem(member: member) } })
        }
        #expect(throws: Problem(member: 0)) {
            try team.run(Work { member in if member == 0 { throw Problem(member: member) } })
        }
        try team.run(Work { _ in })
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
            try team.run(Work { _ in })
            while try names() != ["brief-1\n", "brief-2\n"] { try await Task.sleep(for: .milliseconds(1)) }
            withExtendedLifetime(team) {}
        }
        while try names() != [] { try await Task.sleep(for: .milliseconds(1)) }
    }
}
