import ClusterProtocol
import Digests
import Testing
import Wire

@testable import JobProtocol
@testable import ControlPlane

/// What may be deleted, and what refers to the rest.
@Suite struct DeletionTests {
    private var scene = DeploymentScene()

    @Test mutating func whatNothingRefersToIsDeletedAndItsNumberNotGivenAgain() throws {
        for _ in 1...3 { _ = scene.register() }
        let (request, actions) = scene.deleteModel(version: 3)
        #expect(actions.deletion(of: request)?.deleted == ["digits:3"])
        #expect(actions.saves == [.dropVersion(ReplicaKey("digits", 3))])
        #expect(scene.register().version == 4)
        let (middle, _) = scene.deleteModel(version: 2)
        #expect(middle != request)
        let (unknown, refused) = scene.deleteModel(version: 2)
        #expect(refused.failure(of: unknown)?.message == "digits:2 was deleted; digits has 1, 4")
    }

    @Test mutating func aModelGoesWithAllItsVersions() {
        let one = scene.register()
        _ = scene.register(parent: one.manifest)
        let (request, actions) = scene.deleteModel()
        #expect(actions.deletion(of: request)?.deleted == ["digits:1", "digits:2"])
        let (again, gone) = scene.deleteModel()
        #expect(gone.failure(of: again)?.code == .notFound)
        #expect(gone.failure(of: again)?.message == "all versions of 'digits' were deleted; none is registered")
        #expect(scene.register().version == 3)
    }

    @Test mutating func whatIsServedOrCanBeRolledBackToIsKept() {
        scene.addNode("inference-0")
        scene.serve(scene.register())
        scene.serve(scene.register())
        let (served, first) = scene.deleteModel(version: 2)
        #expect(first.failure(of: served)?.message.contains("digits@production stands for digits:2") == true)
        let (previous, second) = scene.deleteModel(version: 1)
        #expect(
            second.failure(of: previous)?.message.contains("digits@production can be rolled back to digits:1") == true)
        let (all, third) = scene.deleteModel()
        #expect(third.failure(of: all)?.code == .failedPrecondition)
        #expect((first + second + third).saves.isEmpty)
        #expect(scene.routed()?.version == 2)
    }

    @Test mutating func whatIsBeingPromotedIsKept() {
        scene.addNode("inference-0")
        _ = scene.register()
        _ = scene.promote(1, to: "canary")
        let (request, actions) = scene.deleteModel(version: 1)
        #expect(actions.failure(of: request)?.message.contains("digits:1 is being promoted to canary") == true)
    }

    @Test mutating func whatAJobStartsFromIsKept() {
        let one = scene.register()
        let (request, actions) = scene.deleteModel(version: 1, bases: ["fine-7": one.manifest])
        #expect(actions.failure(of: request)?.message.contains("job fine-7 starts from digits:1") == true)
    }

    @Test mutating func whatAnotherVersionWasMadeFromIsKept() {
        let one = scene.register()
        _ = scene.register("fine", parent: one.manifest)
        let (request, actions) = scene.deleteModel(version: 1)
        #expect(actions.failure(of: request)?.message.contains("fine:1 was made from digits:1") == true)
        _ = scene.deleteModel("fine")
        let (again, done) = scene.deleteModel(version: 1)
        #expect(done.deletion(of: again) != nil)
    }

    @Test mutating func withItsAliasGoesWhatItStoodFor() {
        scene.addNode("inference-0")
        scene.run { $0.gatewayJoined("gateway-0", at: $1, into: &$2) }
        scene.serve(scene.register())
        scene.serve(scene.register())
        let (request, actions) = scene.deleteAlias("production")
        #expect(actions.saves.contains(.dropAlias(AliasKey("digits", "production"))))
        #expect(actions.unloads == ["inference-0 digits:1", "inference-0 digits:2"])
        #expect(actions.tables.last?.models == [])
        #expect(actions.answer(to: request) == nil)
        #expect(
            scene.gatewayTakesTheTable("gateway-0").deletion(of: request)
                == Deletion(deleted: ["digits@production"]))
        let (all, deleted) = scene.deleteModel()
        #expect(deleted.deletion(of: all)?.deleted == ["digits:1", "digits:2"])
    }

    @Test mutating func anotherAliasKeepsWhatItStandsFor() {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        _ = scene.promote(1, to: "canary")
        #expect(scene.deleteAlias("canary").actions.unloads == [])
        #expect(scene.routed()?.version == 1)
    }

    @Test mutating func unknownAliasesAreRefusedWithThoseThereAre() {
        scene.addNode("inference-0")
        scene.serve(scene.register())
        let (request, actions) = scene.deleteAlias("canary")
        #expect(actions.failure(of: request)?.message == "digits has no alias 'canary'; it has: production")
        _ = scene.register()
        _ = scene.promote(2)
        let (busy, refused) = scene.deleteAlias("production")
        #expect(refused.failure(of: busy)?.message.contains("is under way") == true)
    }
}
