import JobProtocol
import Explanations
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import ControlPlane

@Suite struct PromotionTests {
    private var scene = DeploymentScene()

    @Test mutating func aliasFlipsWhenAllNodesAreReady() throws {
        scene.addNode("inference-0")
        scene.addNode("inference-1")
        scene.run { $0.gatewayJoined("gateway-0", at: $1, into: &$2) }
        let one = scene.register()
        let (request, begun) = scene.promote(1)
        #expect(begun.loads == ["inference-0 digits:1", "inference-1 digits:1"])
        #expect(begun.saves.isEmpty && begun.answer(to: request) == nil)

        for state in [ReplicaReport.State.fetching, .verifying, .warming, .ready] {
            #expect(scene.tell("inference-0", one, state).answer(to: request) == nil)
        }
        #expect(scene.routed() == nil)
        var done = scene.tell("inference-1", one, .ready)
        #expect(done.answer(to: request) == nil)
        done += scene.gatewayTakesTheTable("gateway-0")
        let promotion = try #require(done.promotion(of: request))
        #expect(promotion.version == 1 && promotion.previous == nil && promotion.unchanged == nil)
        #expect(promotion.replicas == ["inference-0", "inference-1"])
        #expect(promotion.routingEpoch == 1)

        let table = try #require(done.tables.last)
        #expect(done.contains(.publish(table, gateways: ["gateway-0"])))
        #expect(table.epoch == 1)
        #expect(table.models.map(\.aliases) == [["production"]])
        #expect(table.models.map(\.digest) == [one.manifest])
        #expect(table.models.first?.nodes.map(\.endpoint) == ["tcp://inference-0:1", "tcp://inference-1:1"])
        #expect(done.saves.contains(.routing(table)))
        #expect(
            done.saves.contains(
                .alias(StoredAlias(name: "digits", alias: "production", version: 1, previous: nil))))
        let recorded = done.saves.compactMap { if case .promotion(let line) = $0 { line } else { nil } }
        #expect(recorded.map(\.operatorName) == ["ada"])
        #expect(recorded.map(\.forced) == [false])
        #expect(recorded.map(\.routingEpoch) == [1])
    }

    @Test mutating func previousStaysLoadedAndOlderGoes() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        let two = scene.register()
        let three = scene.register()
        scene.serve(one)
        #expect(scene.serve(two).unloads == [])
        #expect(scene.deployment.routing.models.map(\.version) == [1, 2])
        #expect(scene.deployment.routing.models.map(\.aliases) == [[], ["production"]])
        let actions = scene.serve(three)
        #expect(actions.unloads == ["inference-0 digits:1"])
        #expect(scene.deployment.routing.models.map(\.version) == [2, 3])
    }

    @Test mutating func anAliasOfDigitsIsRefusedBeforeAnythingIsLoaded() throws {
        scene.addNode("inference-0")
        _ = scene.register()
        let (request, actions) = scene.promote(1, to: "7")
        #expect(actions.failure(of: request)?.message == ClusterName.aliasExpectation(got: "7"))
        #expect(actions.loads.isEmpty && actions.saves.isEmpty)
    }

    @Test mutating func failedGateRefusesWithTheFigures() throws {
        scene.addNode("inference-0")
        _ = scene.register(accuracy: 0.5)
        let (request, actions) = scene.promote(1)
        let failure = try #require(actions.failure(of: request))
        #expect(failure.code == .failedPrecondition)
        #expect(failure.message.contains("accuracy is 0.5, must be >= 0.9"))
        #expect(failure.message.contains("--force") && !failure.message.contains("failed"))
        #expect(actions.loads.isEmpty)
    }

    @Test mutating func forceNeedsAReasonWhichIsRecorded() throws {
        scene.addNode("inference-0")
        let bad = scene.register(accuracy: 0.5)
        let (blank, refused) = scene.promote(1, force: true, reason: "  ")
        #expect(refused.failure(of: blank)?.code == .invalidArgument)
        _ = scene.promote(1, force: true, reason: "the test set was wrong")
        let actions = scene.tell("inference-0", bad, .ready)
        let recorded = actions.saves.compactMap { if case .promotion(let line) = $0 { line } else { nil } }
        #expect(recorded.map(\.forced) == [true])
        #expect(recorded.map(\.reason) == ["the test set was wrong"])
        #expect(recorded.map(\.date) == [scene.now.date])
        let logged = actions.compactMap { if case .log(let entry) = $0 { entry } else { nil } }
        #expect(logged.first { $0.message == "promoted" }?.metadata["forced"] == "the test set was wrong")
    }

    @Test mutating func nodeThatCannotLoadRefusesThePromotionAndServingGoesOn() throws {
        scene.addNode("inference-0")
        scene.addNode("inference-1")
        let one = scene.register()
        let two = scene.register()
        scene.serve(one)
        let epoch = scene.deployment.routing.epoch
        let (request, _) = scene.promote(2)
        scene.tell("inference-0", two, .ready)
        let actions = scene.tell("inference-1", two, .failed, reason: "model.safetensors has another digest")
        let failure = try #require(actions.failure(of: request))
        #expect(failure.code == .failedPrecondition)
        #expect(failure.message.contains("inference-1: model.safetensors has another digest"))
        #expect(actions.unloads == ["inference-0 digits:2", "inference-1 digits:2"])
        #expect(actions.tables.isEmpty && actions.saves.isEmpty)
        #expect(scene.deployment.routing.epoch == epoch)
        #expect(scene.routed()?.version == 1)
        #expect(scene.deployment.promotions.isEmpty)

        // Asked again, it is tried again: the failure before does not count.
        scene.report("inference-1", [(one, .ready)])
        scene.report("inference-0", [(one, .ready)])
        #expect(scene.promote(2).actions.loads == ["inference-0 digits:2", "inference-1 digits:2"])
    }

    @Test mutating func whatAnswersAlreadyIsNotPromotedAgain() throws {
        scene.addNode("inference-0")
        scene.serve(scene.register())
        scene.serve(scene.register())
        let (request, actions) = scene.promote(2)
        let promotion = try #require(actions.promotion(of: request))
        #expect(promotion.version == 2 && promotion.unchanged == true && actions.saves.isEmpty)
    }

    @Test mutating func refusedLoadRefusesThePromotion() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        let (request, _) = scene.promote(1)
        let load = LoadReplica(model: "digits", version: 1, manifest: one.manifest)
        let actions = scene.run {
            $0.loadRefused(
                "inference-0", incarnation: 1, load, reason: "holds 8 versions, which is the limit", at: $1, into: &$2)
        }
        #expect(actions.failure(of: request)?.message.contains("holds 8 versions") == true)
        let (again, _) = scene.promote(1)
        let refused = scene.run {
            $0.loadRefused(
                "inference-0", incarnation: 1, load, reason: "holds 8 versions, which is the limit", at: $1, into: &$2)
        }
        #expect(refused.failure(of: again)?.message.contains("holds 8 versions") == true)
    }

    /// The node repeats it with every heartbeat until it begins with the new load.
    @Test mutating func aFailureFromBeforeThePromotionDoesNotRefuseIt() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        scene.addNode("inference-1")
        scene.tell("inference-1", one, .failed, revision: 3)
        let (request, begun) = scene.promote(1, to: "canary")
        #expect(begun.loads == ["inference-1 digits:1"])
        #expect(scene.wait(.milliseconds(100)).answer(to: request) == nil)
        #expect(scene.report("inference-1", [(one, .failed)], revision: 3).answer(to: request) == nil)
        // Without an effect it is ordered again.
        #expect(scene.wait(.seconds(5)).loads == ["inference-1 digits:1"])
        #expect(scene.wait(.milliseconds(100)).answer(to: request) == nil)
        scene.tell("inference-1", one, .fetching, revision: 4)
        let actions = scene.tell("inference-1", one, .failed, reason: "disk full", revision: 5)
        #expect(actions.failure(of: request)?.message.contains("inference-1: disk full") == true)
    }

    @Test mutating func nodeThatDiesMeanwhileNoLongerCounts() throws {
        scene.addNode("inference-0")
        scene.addNode("inference-1")
        let one = scene.register()
        let (request, _) = scene.promote(1)
        scene.tell("inference-0", one, .ready)
        let actions = scene.run { $0.nodeDied("inference-1", incarnation: 1, at: $1, into: &$2) }
        #expect(actions.promotion(of: request)?.replicas == ["inference-0"])
    }

    @Test mutating func allNodesDeadIsNotReady() throws {
        scene.addNode("inference-0")
        _ = scene.register()
        let (request, _) = scene.promote(1)
        #expect(scene.run { $0.nodeDied("inference-0", incarnation: 1, at: $1, into: &$2) }.answer(to: request) == nil)
        let actions = scene.wait(.seconds(60))
        #expect(actions.failure(of: request)?.message.contains("no inference node is alive") == true)
    }

    @Test mutating func nodeThatJoinsMeanwhileCounts() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        let (request, _) = scene.promote(1)
        #expect(scene.addNode("inference-1").loads == ["inference-1 digits:1"])
        #expect(scene.tell("inference-0", one, .ready).answer(to: request) == nil)
        #expect(scene.tell("inference-1", one, .ready).promotion(of: request) != nil)
    }

    @Test mutating func slowNodesAreNamedAfterTheTimeout() throws {
        scene.addNode("inference-0")
        scene.addNode("inference-1")
        let one = scene.register()
        let (request, _) = scene.promote(1)
        scene.tell("inference-0", one, .ready)
        #expect(scene.wait(.seconds(59)).answer(to: request) == nil)
        let failure = scene.wait(.seconds(1)).failure(of: request)
        #expect(failure?.code == .deadlineExceeded)
        #expect(failure?.message.contains("not ready: inference-1") == true)
    }

    @Test mutating func unknownThingsAreNamed() throws {
        let (nowhere, none) = scene.promote(1)
        #expect(none.failure(of: nowhere)?.message == "there is no model 'digits'; none is registered yet")
        _ = scene.register()
        let (missing, actions) = scene.promote(2)
        #expect(actions.failure(of: missing)?.message == "digits has no version 2; it has 1")
        _ = scene.register()
        _ = scene.deleteModel(version: 2)
        let (deleted, gone) = scene.promote(2)
        #expect(gone.failure(of: deleted)?.message == "digits:2 was deleted; digits has 1")
        let (alias, bad) = scene.promote(1, to: "a/b")
        #expect(bad.failure(of: alias)?.code == .invalidArgument)
        let (alone, dead) = scene.promote(1)
        #expect(dead.failure(of: alone)?.code == .unavailable)
    }

    @Test mutating func promotingWhatServesChangesNothing() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        let (request, actions) = scene.promote(1)
        #expect(actions.promotion(of: request)?.version == 1)
        #expect(actions.saves.isEmpty && actions.tables.isEmpty)
    }

    @Test mutating func onePromotionAtATimeForEachAlias() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        let two = scene.register()
        let (first, _) = scene.promote(1)
        let (second, refused) = scene.promote(2)
        #expect(refused.failure(of: second)?.code == .failedPrecondition)
        let (other, begun) = scene.promote(2, to: "canary")
        #expect(begun.loads == ["inference-0 digits:2"])
        #expect(scene.tell("inference-0", two, .ready).promotion(of: other)?.alias == "canary")
        #expect(scene.tell("inference-0", one, .ready).promotion(of: first)?.alias == "production")
        #expect(scene.deployment.routing.models.map(\.aliases) == [["production"], ["canary"]])
    }
}
