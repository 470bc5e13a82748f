import JobProtocol
import Messaging
import Testing
import Wire

@testable import ClusterProtocol
@testable import ControlPlane

/// Nothing is promoted that gateways could not be told of.
@Suite struct TableSizeTests {
    private static let columns = (0..<100).map { "\"a column\", number \($0 + 100)\u{1}" }
    /// Two versions with these columns fit, a third one does not.
    private static let limit = 9000
    private var scene = DeploymentScene(policy: DeploymentPolicy(tableBytes: Self.limit))

    /// As it is sent.
    private static func bytes(of table: RoutingTable) throws -> Int {
        try Document(table).json.count
    }

    @Test mutating func whatDoesNotFitIsRefusedBeforeAnythingIsLoaded() throws {
        scene.addNode("inference-0")
        for _ in 0..<3 { scene.serve(scene.register("a", columns: Self.columns)) }
        #expect(scene.routed("a")?.version == 3)
        let table = scene.deployment.routing
        let estimate = try scene.deployment.tableBytes(of: scene.deployment.registry)
        #expect(try (Self.bytes(of: table)...Self.limit).contains(estimate))

        _ = scene.register("b", columns: Self.columns)
        let (request, actions) = scene.promote(1, of: "b")
        let failure = try #require(actions.failure(of: request))
        #expect(failure.code == .failedPrecondition)
        #expect(failure.message.hasPrefix("b:1 was not promoted: with it the routing table would have "))
        #expect(failure.message.contains("expected at most 9000; delete aliases"))
        #expect(actions.loads.isEmpty && actions.saves.isEmpty && scene.deployment.routing == table)

        _ = scene.deleteAlias("production", of: "a")
        #expect(scene.promote(1, of: "b").actions.loads == ["inference-0 b:1"])
    }

    @Test mutating func twoThatFitAloneDoNotFlipBoth() throws {
        scene.addNode("inference-0")
        scene.serve(scene.register("a", columns: Self.columns))
        let b = scene.register("b", columns: Self.columns)
        let c = scene.register("c", columns: Self.columns)
        let (first, _) = scene.promote(1, of: "b")
        let (second, begun) = scene.promote(1, of: "c")
        #expect(begun.loads == ["inference-0 c:1"])
        #expect(scene.tell("inference-0", b, .ready).promotion(of: first) != nil)
        #expect(scene.tell("inference-0", c, .ready).failure(of: second)?.code == .failedPrecondition)
        #expect(scene.deployment.routing.models.map(\.model) == ["a", "b"])
    }

    /// Of an earlier version, say.
    @Test mutating func aTableThatIsTooLargeAlreadyIsToldAndMayShrink() throws {
        scene.addNode("inference-0")
        let one = scene.register("a", columns: Self.columns)
        let two = scene.register("a", columns: Self.columns)
        scene.serve(one)
        scene.serve(two)
        #expect(scene.run { deployment, _, effects in deployment.start(into: &effects) } == [])
        let stored = StoredState(
            versions: [one, two], aliases: Array(scene.deployment.registry.aliases.values),
            routing: scene.deployment.routing)
        var after = DeploymentScene(policy: DeploymentPolicy(tableBytes: Self.limit / 3), stored: stored)
        #expect(
            after.run { deployment, _, effects in deployment.start(into: &effects) }.logged.first?.contains(
                "routing table is larger") == true)
        after.addNode("inference-0", holding: [one, two])
        #expect(after.routed("a")?.version == 2)
        _ = after.register("b")
        let (larger, refused) = after.promote(1, of: "b")
        #expect(refused.failure(of: larger)?.code == .failedPrecondition)
        let (wide, rolledBack) = after.rollback("a")
        #expect(rolledBack.promotion(of: wide)?.version == 1)
        _ = after.register("a")
        #expect(after.promote(3, of: "a").actions.loads == ["inference-0 a:3"])
    }

    @Test func noMoreVersionsArePromotedThanANodeCanReport() throws {
        var registering = DeploymentScene()
        let versions = (0...NodeReport.mostReplicas).map { registering.register("m-\($0)") }
        let aliases = versions.dropLast().map {
            StoredAlias(name: $0.name, alias: "production", version: 1, previous: nil)
        }
        var scene = DeploymentScene(stored: StoredState(versions: versions, aliases: aliases))
        scene.addNode("inference-0")
        let (request, actions) = scene.promote(1, of: versions[versions.count - 1].name)
        #expect(
            actions.failure(of: request)?.message.contains("would hold 4097 versions, expected at most 4096") == true)
    }

    @Test func whatMayBePromotedCanBeSent() {
        #expect(DeploymentPolicy().tableBytes < Message.documentBytes)
    }
}
