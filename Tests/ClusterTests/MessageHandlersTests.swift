import Synchronization
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

/// A table of handlers, with a list of what was handed over as its context.
@Suite struct MessageHandlersTests {
    private final class Taken: Sendable {
        let stops = Mutex<[StopGeneration]>([])
    }

    private let taken = Taken()
    private let stop = StopGeneration(job: "digits-1", generation: 1, reason: "over")
    private let table = MessageHandlers<Taken>(of: "a test") { handlers in
        handlers.on(StopGeneration.self) { taken, stop in taken.stops.withLock { $0.append(stop) } }
        handlers.on(UnloadReplica.self) { _, _ in throw Failure(.unavailable, "busy") }
    }

    private func refusal(of document: Document) -> String? {
        (#expect(throws: Failure.self) { try table.take(document, in: taken) })?.message
    }

    @Test func theHandlerGetsTheMessage() throws {
        try table.take(Document(stop), in: taken)
        #expect(taken.stops.withLock { $0 } == [stop])
    }

    @Test func whatTheHandlerThrowsRefusesTheMessage() throws {
        #expect(try refusal(of: Document(UnloadReplica(model: "digits", version: 1))) == "busy")
    }

    @Test func whatNoHandlerTakesIsRefusedByItsKind() throws {
        #expect(
            try refusal(of: Document(LoadReplica(model: "digits", version: 1, manifest: .fake("m"))))
                == "a test takes 'stop' and 'unload', got 'load'")
        #expect(refusal(of: Document(kind: "wish", json: [])) == "a test takes 'stop' and 'unload', got 'wish'")
    }

    @Test func whatCannotBeUsedReachesNoHandler() throws {
        var spoilt = stop
        spoilt.job = String(repeating: "x", count: 300)
        #expect(
            try refusal(of: Document(spoilt))
                == "document 'stop' cannot be used: job: expected at most 256 bytes, got 300 bytes")
        #expect(refusal(of: Document(kind: "stop", json: [])) != nil)
        #expect(taken.stops.withLock { $0.isEmpty })
    }

    @Test func aTypeThatIsAddedTwiceIsThereTwice() {
        let table = MessageHandlers<Taken>(of: "a test") { handlers in
            for _ in 0..<2 { handlers.on(StopGeneration.self) { _, _ in } }
        }
        #expect(table.types.map { $0.kind } == [.stop, .stop])
    }
}
