import JobProtocol
import Testing
import Wire

@testable import ClusterProtocol
@testable import ControlPlane

/// Whoever changes what is served is answered when gateways route so.
@Suite struct RolloutTests {
    private var scene = DeploymentScene()

    /// Two versions of "digits" on one node, the first in production, and two gateways that route by it.
    private mutating func serveOne() -> StoredVersion {
        scene.addNode("inference-0")
        for gateway in ["gateway-0", "gateway-1"] { scene.run { $0.gatewayJoined(gateway, at: $1, into: &$2) } }
        scene.serve(scene.register())
        for gateway in ["gateway-0", "gateway-1"] { _ = scene.gatewayTakesTheTable(gateway) }
        return scene.register()
    }

    @Test mutating func promotionIsAnsweredWhenTheLastGatewayRoutesByIt() {
        let two = serveOne()
        let (request, _) = scene.promote(2)
        #expect(scene.tell("inference-0", two, .ready).answer(to: request) == nil)
        #expect(scene.gatewayTakesTheTable("gateway-1").answer(to: request) == nil)
        let promotion = scene.gatewayTakesTheTable("gateway-0").promotion(of: request)
        #expect(promotion?.version == 2 && promotion?.behind == nil)
        #expect(scene.deployment.rollouts.isEmpty)
    }

    @Test mutating func whatIsServedAlreadyIsConfirmedByTheGatewaysToo() {
        _ = serveOne()
        scene.run { $0.gatewayJoined("gateway-2", at: $1, into: &$2) }
        let (request, actions) = scene.promote(1)
        #expect(actions.answer(to: request) == nil)
        #expect(scene.gatewayTakesTheTable("gateway-2").promotion(of: request)?.version == 1)
    }

    @Test mutating func rollbackWaitsForGatewaysToo() {
        let two = serveOne()
        _ = scene.promote(2)
        scene.tell("inference-0", two, .ready)
        for gateway in ["gateway-0", "gateway-1"] { _ = scene.gatewayTakesTheTable(gateway) }
        let (request, actions) = scene.rollback()
        #expect(actions.answer(to: request) == nil)
        #expect(scene.gatewayTakesTheTable("gateway-0").answer(to: request) == nil)
        #expect(scene.gatewayTakesTheTable("gateway-1").promotion(of: request)?.version == 1)
    }

    @Test mutating func aGatewayThatSaysNothingIsNamedAfterAWhile() {
        let two = serveOne()
        let (request, _) = scene.promote(2)
        scene.tell("inference-0", two, .ready)
        _ = scene.gatewayTakesTheTable("gateway-0")
        #expect(scene.wait(.milliseconds(4999)).answer(to: request) == nil)
        let promotion = scene.wait(.milliseconds(1)).promotion(of: request)
        #expect(promotion?.version == 2 && promotion?.behind == ["gateway-1"])
        #expect(scene.routed()?.version == 2)
    }

    @Test mutating func aGatewayThatDiesIsNotWaitedFor() {
        let two = serveOne()
        let (request, _) = scene.promote(2)
        scene.tell("inference-0", two, .ready)
        _ = scene.gatewayTakesTheTable("gateway-0")
        #expect(scene.run { $0.gatewayDied("gateway-1", at: $1, into: &$2) }.promotion(of: request)?.behind == nil)
    }

    @Test mutating func aNewerTableCountsForTheOneBefore() {
        let two = serveOne()
        let (request, _) = scene.promote(2)
        scene.tell("inference-0", two, .ready)
        scene.addNode("inference-1", holding: [two])
        let actions = scene.gatewayTakesTheTable("gateway-0") + scene.gatewayTakesTheTable("gateway-1")
        #expect(actions.promotion(of: request) != nil)
    }

    /// Numbers of tables count within one state only.
    @Test mutating func aTableOfAnotherStateIsNoConfirmation() {
        let source = StateIdentity(cluster: "c", start: "2")
        scene.deployment = Deployment(source: source, at: scene.now)
        let two = serveOne()
        let (request, _) = scene.promote(2)
        scene.tell("inference-0", two, .ready)
        _ = scene.gatewayTakesTheTable("gateway-0")
        scene.now = scene.now.advanced(by: .seconds(2))
        let before = RoutingPosition(source: StateIdentity(cluster: "c", start: "1"), epoch: 99)
        let actions = scene.run { $0.gatewayReported("gateway-1", before, at: $1, into: &$2) }
        #expect(actions.answer(to: request) == nil)
        #expect(actions.tables.map(\.position) == [RoutingPosition(source: source, epoch: 2)])
    }
}
