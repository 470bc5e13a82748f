import JobProtocol
import ClusterProtocol
import Testing
import Wire

@testable import ControlPlane

@Suite struct RollbackTests {
    private var scene = DeploymentScene()

    private mutating func serveTwo() -> (StoredVersion, StoredVersion) {
        scene.addNode("inference-0")
        let one = scene.register()
        let two = scene.register()
        scene.serve(one)
        scene.serve(two)
        return (one, two)
    }

    @Test mutating func previousServesAgainAtOnce() throws {
        _ = serveTwo()
        let epoch = scene.deployment.routing.epoch
        let (request, actions) = scene.rollback()
        let outcome = try #require(actions.promotion(of: request))
        #expect(outcome.version == 1 && outcome.previous == 2)
        #expect(outcome.routingEpoch == epoch + 1)
        #expect(actions.tables.last?.models.map(\.aliases) == [["production"], []])
        #expect(actions.loads.isEmpty && actions.unloads.isEmpty)
        let recorded = actions.saves.compactMap { if case .promotion(let line) = $0 { line } else { nil } }
        #expect(recorded.map(\.kind) == [.rollback])
        #expect(scene.rollback().actions.tables.last?.models.map(\.aliases) == [[], ["production"]])
    }

    @Test mutating func nothingToRollBackTo() throws {
        let (unknown, none) = scene.rollback()
        #expect(none.failure(of: unknown)?.code == .notFound)
        scene.addNode("inference-0")
        let one = scene.register()
        let (never, unaliased) = scene.rollback()
        #expect(unaliased.failure(of: never)?.code == .notFound)
        scene.serve(one)
        let (request, actions) = scene.rollback()
        #expect(actions.failure(of: request)?.code == .failedPrecondition)
        #expect(scene.routed()?.version == 1)
    }

    /// No version could be promoted to it.
    @Test mutating func whatIsNoAliasIsRefusedAsSuch() throws {
        _ = serveTwo()
        let deployment = scene.deployment
        let none = #expect(throws: Failure.self) { try deployment.rollbackTarget(of: AliasKey("digits", "7")) }
        #expect(none?.message.contains("not digits alone") == true)
        let unknown = #expect(throws: Failure.self) {
            try deployment.rollbackTarget(of: AliasKey("digits", "canary"))
        }
        #expect(unknown?.code == .notFound)
    }

    @Test mutating func previousThatIsReadyNowhereIsNotRolledBackTo() throws {
        let (_, two) = serveTwo()
        scene.report("inference-0", [(two, .ready)])
        let (request, actions) = scene.rollback()
        #expect(actions.failure(of: request)?.code == .unavailable)
        #expect(scene.routed()?.version == 2)
    }

    @Test mutating func promotionUnderWayIsCalledOff() throws {
        _ = serveTwo()
        let three = scene.register()
        let (promotion, _) = scene.promote(3)
        scene.tell("inference-0", three, .warming)
        let (request, actions) = scene.rollback()
        #expect(actions.failure(of: promotion)?.code == .cancelled)
        #expect(actions.promotion(of: request)?.version == 1)
        #expect(actions.unloads == ["inference-0 digits:3"])
    }
}
