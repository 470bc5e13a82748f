import Testing

@testable import Gateway

@Suite struct BalancerTests {
    private let start = ContinuousClock.now
    private let all = ["a", "b", "c"]

    private func balancer(_ names: [String]) -> Balancer {
        var balancer = Balancer()
        balancer.setNodes(Set(names))
        return balancer
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// Which nodes get `count` requests that nobody answers.
    private func choices(_ balancer: inout Balancer, _ count: Int, at seconds: Double = 0) -> [String] {
        var random = SplitMix(state: 7)
        return (0..<count).compactMap { _ in
            balancer.choose(among: all, rows: 1, now: at(seconds), using: &random)
        }
    }

    @Test func spreadsRowsEvenly() {
        var balancer = balancer(all)
        _ = choices(&balancer, 300)
        for node in balancer.nodes.values { #expect((90...110).contains(node.outstandingRows)) }
    }

    @Test func prefersTheShorterQueue() {
        var balancer = balancer(["a", "b"])
        var random = SplitMix(state: 1)
        for node in ["a", "b"] {
            let queued = node == "a" ? 50 : 0
            balancer.finished(node, rows: 0, outcome: .answered(queuedRows: queued), among: ["a", "b"], now: at(0))
        }
        for _ in 0..<50 {
            #expect(balancer.choose(among: ["a", "b"], rows: 1, now: at(0), using: &random) == "b")
        }
    }

    @Test func countsRowsNotRequests() {
        var balancer = balancer(["a", "b"])
        var random = SplitMix(state: 1)
        let first = balancer.choose(among: ["a", "b"], rows: 100, now: at(0), using: &random)!
        for _ in 0..<99 {
            #expect(balancer.choose(among: ["a", "b"], rows: 1, now: at(0), using: &random) != first)
        }
    }

    @Test func ejectsAfterFiveFailuresInARow() {
        var balancer = balancer(all)
        for attempt in 1...4 {
            balancer.finished("a", rows: 1, outcome: .failed, among: all, now: at(0))
            #expect(!balancer.nodes["a"]!.isEjected(at: at(0)), "\(attempt)")
        }
        balancer.finished("a", rows: 1, outcome: .answered(queuedRows: 0), among: all, now: at(0))
        for _ in 1...5 { balancer.finished("a", rows: 1, outcome: .failed, among: all, now: at(0)) }
        #expect(balancer.nodes["a"]!.isEjected(at: at(0)))
        #expect(!choices(&balancer, 100).contains("a"))
        #expect(balancer.ejections == 1)
    }

    @Test func ejectsAtOnceWhoCannotBeReached() {
        var balancer = balancer(all)
        balancer.finished("b", rows: 1, outcome: .unreachable, among: all, now: at(0))
        #expect(!choices(&balancer, 100).contains("b"))
    }

    @Test func requestsThatWereAtFaultEjectNobody() {
        var balancer = balancer(all)
        for _ in 0..<50 { balancer.finished("a", rows: 1, outcome: .indifferent, among: all, now: at(0)) }
        #expect(!balancer.nodes["a"]!.isEjected(at: at(0)))
    }

    @Test func staysAwayLongerEachTimeAndComesBack() {
        var balancer = balancer(all)
        var now = 0.0
        for expected in [1.0, 2, 4, 8, 16, 30, 30] {
            balancer.finished("a", rows: 1, outcome: .unreachable, among: all, now: at(now))
            #expect(balancer.nodes["a"]!.isEjected(at: at(now + expected - 0.01)))
            #expect(!balancer.nodes["a"]!.isEjected(at: at(now + expected)))
            now += expected
        }
        balancer.finished("a", rows: 1, outcome: .answered(queuedRows: 0), among: all, now: at(now))
        balancer.finished("a", rows: 1, outcome: .unreachable, among: all, now: at(now))
        #expect(!balancer.nodes["a"]!.isEjected(at: at(now + 1)), "an answer starts the count anew")
    }

    /// Back from an ejection, a node gets a single request until it has answered.
    @Test func isTriedWithOneRequest() {
        var balancer = balancer(all)
        balancer.finished("a", rows: 1, outcome: .unreachable, among: all, now: at(0))
        let tried = choices(&balancer, 100, at: 1)
        #expect(tried.count { $0 == "a" } == 1)
        balancer.finished("a", rows: 1, outcome: .answered(queuedRows: 0), among: all, now: at(1))
        #expect(choices(&balancer, 50, at: 1).count { $0 == "a" } > 25)
    }

    @Test func theLastHealthyNodeStays() {
        var balancer = balancer(["a", "b"])
        balancer.finished("a", rows: 1, outcome: .unreachable, among: ["a", "b"], now: at(0))
        for _ in 0..<20 { balancer.finished("b", rows: 1, outcome: .unreachable, among: ["a", "b"], now: at(0)) }
        #expect(!balancer.nodes["b"]!.isEjected(at: at(0)))
        #expect(balancer.nodes["a"]!.isEjected(at: at(0)))
    }

    /// A version may be held by ejected nodes only: then the one that comes back first is asked.
    @Test func someoneIsAlwaysAsked() {
        var balancer = balancer(all)
        balancer.finished("a", rows: 1, outcome: .unreachable, among: all, now: at(0))
        balancer.finished("b", rows: 1, outcome: .unreachable, among: all, now: at(0.5))
        var random = SplitMix(state: 2)
        #expect(balancer.choose(among: ["a", "b"], rows: 1, now: at(0.6), using: &random) == "a")
        #expect(balancer.choose(among: ["a"], excluding: "a", rows: 1, now: at(0), using: &random) == nil)
        #expect(balancer.choose(among: ["x"], rows: 1, now: at(0), using: &random) == nil)
    }

    @Test func neverAsksTheExcludedNode() {
        var balancer = balancer(all)
        var random = SplitMix(state: 3)
        for _ in 0..<100 {
            #expect(balancer.choose(among: all, excluding: "c", rows: 1, now: at(0), using: &random) != "c")
        }
    }

    @Test func countsThoseThatRequestsAreSentTo() {
        var balancer = balancer(all)
        #expect(balancer.healthyCount(among: all + ["unknown"], at: at(0)) == 3)
        balancer.finished("a", rows: 1, outcome: .unreachable, among: all, now: at(0))
        #expect(balancer.healthyCount(among: all, at: at(0)) == 2)
        #expect(balancer.healthyCount(among: ["a"], at: at(0)) == 0)
        #expect(balancer.healthyCount(among: all, at: at(2)) == 3)
    }

    @Test func remembersThoseThatStay() {
        var balancer = balancer(all)
        balancer.finished("a", rows: 1, outcome: .unreachable, among: all, now: at(0))
        balancer.setNodes(["a", "d"])
        #expect(balancer.nodes["a"]!.isEjected(at: at(0)))
        #expect(Set(balancer.nodes.keys) == ["a", "d"])
        balancer.reset("a")
        #expect(balancer.nodes["a"] == Balancer.Node())
    }

    /// Whatever happens, rows that were sent are taken back, and no count goes below zero.
    @Test func rowsAreTakenBack() {
        var balancer = balancer(all)
        var random = SplitMix(state: 4)
        var open: [(String, Int)] = []
        let outcomes: [Balancer.Outcome] = [.answered(queuedRows: 3), .failed, .unreachable, .indifferent]
        for step in 0..<5000 {
            let now = at(Double(step) / 100)
            let rows = Int.random(in: 1...9, using: &random)
            if let name = balancer.choose(among: all, rows: rows, now: now, using: &random) {
                open.append((name, rows))
            }
            if !open.isEmpty, Bool.random(using: &random) {
                let (name, rows) = open.remove(at: Int.random(in: open.indices, using: &random))
                balancer.finished(
                    name, rows: rows, outcome: outcomes.randomElement(using: &random)!, among: all, now: now)
            }
            #expect(balancer.nodes.values.map(\.outstandingRows).reduce(0, +) == open.map(\.1).reduce(0, +))
        }
    }
}
