import Testing
import Wire

@testable import ClusterProtocol
@testable import Nodes

@Suite struct OrderQueueTests {
    private let queue = OrderQueue()

    private func load(_ version: Int, _ manifest: String = "m") -> ReplicaOrder {
        .load(LoadReplica(model: "digits", version: version, manifest: .fake(manifest)))
    }

    @Test func whatIsRepeatedTakesNoSecondPlace() async throws {
        let unload = ReplicaOrder.unload(UnloadReplica(model: "digits", version: 1))
        var waiting = queue.waiting.makeAsyncIterator()
        for order in [load(1), load(1), load(2), load(1), load(1, "other"), unload, unload] { try queue.put(order) }
        #expect(await waiting.next() == load(1))
        // It is under way now.
        try queue.put(load(2))
        #expect(await waiting.next() == load(2))
        try queue.put(load(2))
        queue.close(load(2))
        try queue.put(load(2))
        for expected in [load(1, "other"), unload, load(2)] { #expect(await waiting.next() == expected) }
    }

    @Test func aFullQueueTakesWhatItHoldsAndRefusesTheRest() throws {
        for version in 1...OrderQueue.limit { try queue.put(load(version)) }
        let failure = #expect(throws: Failure.self) { try queue.put(load(OrderQueue.limit + 1)) }
        #expect(failure?.code == .queueFull)
        try queue.put(load(1))
    }
}
