import Serving
import Testing
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import Nodes

/// What inference nodes are told to hold, and what the routing table says of them.
@Suite struct ReplicaTests {
    private var scene = DeploymentScene()

    @Test mutating func newNodeGetsServingAndPreviousAndIsRoutedWhenReady() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        let two = scene.register()
        scene.serve(one)
        scene.serve(two)
        #expect(scene.addNode("inference-1").loads == ["inference-1 digits:1", "inference-1 digits:2"])
        #expect(scene.routed()?.nodes == ["inference-0"])
        #expect(scene.tell("inference-1", two, .warming).tables.isEmpty)
        let table = scene.tell("inference-1", two, .ready).tables.last
        #expect(table?.models.map { $0.nodes.count } == [1, 2])
        #expect(scene.routed()?.nodes == ["inference-0", "inference-1"])
    }

    @Test mutating func deadNodeLeavesTheTableAtOnce() throws {
        scene.addNode("inference-0")
        scene.addNode("inference-1")
        let one = scene.register()
        scene.serve(one)
        let epoch = scene.deployment.routing.epoch
        let actions = scene.run { $0.nodeDied("inference-1", incarnation: 1, at: $1, into: &$2) }
        #expect(actions.tables.map(\.epoch) == [epoch + 1])
        #expect(actions.saves == [.routing(scene.deployment.routing)])
        #expect(scene.routed()?.nodes == ["inference-0"])
        #expect(scene.run { $0.nodeDied("inference-0", incarnation: 7, at: $1, into: &$2) } == [])
    }

    @Test mutating func restartedNodeIsOutUntilItIsReadyAgain() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        scene.run { $0.nodeDied("inference-0", incarnation: 1, at: $1, into: &$2) }
        #expect(scene.addNode("inference-0", incarnation: 2).loads == ["inference-0 digits:1"])
        #expect(scene.routed()?.nodes == [])
        scene.tell("inference-0", one, .ready)
        #expect(scene.routed()?.nodes == ["inference-0"])
    }

    @Test mutating func nodeIsNotAskedTwiceWhileItWorks() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        scene.addNode("inference-1")
        #expect(scene.wait(.seconds(1)).loads.isEmpty)
        #expect(scene.report("inference-1", []).loads.isEmpty)
        #expect(scene.report("inference-1", [(one, .fetching)]).loads.isEmpty)
        #expect(scene.wait(.seconds(60)).loads.isEmpty)
    }

    @Test mutating func lostOrderIsRepeated() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        scene.addNode("inference-1")
        #expect(scene.wait(.seconds(4)).loads.isEmpty)
        #expect(scene.wait(.seconds(1)).loads == ["inference-1 digits:1"])
    }

    /// A node that starts again with many versions to load: what waits there is few, and promotions go first.
    @Test mutating func aNodeIsAskedForAFewLoadsAtATime() throws {
        let atOnce = scene.deployment.policy.waitingLoads
        #expect(atOnce < OrderQueue.limit)
        scene.addNode("inference-0")
        let versions = (0..<2 * atOnce).map { scene.register("m-\($0 + 10)") }
        for version in versions { scene.serve(version) }
        let asked = scene.addNode("inference-1").loads
        #expect(asked.count == atOnce)
        // Without an answer the same ones are asked for again, and no others.
        #expect(scene.wait(.seconds(5)).loads == asked)
        let one = scene.register("new")
        #expect(scene.promote(1, of: "new").actions.loads == ["inference-0 new:1"])
        scene.tell("inference-0", one, .ready)
        #expect(scene.tell("inference-1", versions[0], .fetching).loads == ["inference-1 new:1"])
        #expect(
            scene.tell("inference-1", versions[1], .failed).loads == ["inference-1 m-\(10 + atOnce):1"])
    }

    @Test mutating func failedLoadOfAServingVersionIsTriedAgainLater() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        scene.serve(one)
        scene.addNode("inference-1")
        scene.tell("inference-1", one, .failed, reason: "disk full")
        #expect(scene.wait(.seconds(29)).loads.isEmpty)
        #expect(scene.wait(.seconds(1)).loads == ["inference-1 digits:1"])
        #expect(scene.routed()?.nodes == ["inference-0"])
    }

    @Test mutating func whatNobodyWantsIsUnloaded() throws {
        let one = scene.register()
        #expect(scene.addNode("inference-0", holding: [one]).unloads == ["inference-0 digits:1"])
        #expect(scene.report("inference-0", [(one, .ready)]).unloads.isEmpty)
        #expect(scene.wait(.seconds(5)).unloads == ["inference-0 digits:1"])
        let unload = UnloadReplica(model: "digits", version: 1)
        scene.run { $0.unloaded("inference-0", incarnation: 1, unload, at: $1, into: &$2) }
        #expect(scene.wait(.seconds(60)).unloads.isEmpty)
    }

    /// A heartbeat is written down before it is sent, and a change in between is told at once.
    @Test mutating func anOlderReportDoesNotUndoANewerOne() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        _ = scene.promote(1)
        scene.tell("inference-0", one, .warming, revision: 3)
        scene.tell("inference-0", one, .ready, revision: 4)
        #expect(scene.routed()?.nodes == ["inference-0"])
        #expect(scene.report("inference-0", [(one, .warming)], revision: 3).tables.isEmpty)
        #expect(scene.tell("inference-0", one, .warming, revision: 3).tables.isEmpty)
        #expect(scene.routed()?.nodes == ["inference-0"])

        scene.report("inference-0", [(one, .failed)], revision: 5)
        #expect(scene.routed()?.nodes == [])
        #expect(scene.tell("inference-0", one, .ready, revision: 4).tables.isEmpty)
        #expect(scene.routed()?.nodes == [])
        scene.tell("inference-0", one, .ready, revision: 6)
        #expect(scene.routed()?.nodes == ["inference-0"])
    }

    /// Changes of two versions that overtake each other are both taken in.
    @Test mutating func changesOfDifferentVersionsAreNotMistakenForEachOther() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        let two = scene.register()
        _ = scene.promote(1, to: "a")
        _ = scene.promote(2, to: "b")
        scene.tell("inference-0", two, .ready, revision: 2)
        scene.tell("inference-0", one, .ready, revision: 1)
        #expect(scene.routed(alias: "a")?.nodes == ["inference-0"])
        #expect(scene.routed(alias: "b")?.nodes == ["inference-0"])
    }

    @Test mutating func aProcessThatStartsAgainCountsFromTheBeginning() throws {
        scene.addNode("inference-0")
        let one = scene.register()
        _ = scene.promote(1)
        scene.tell("inference-0", one, .ready, revision: 40)
        scene.run { $0.nodeDied("inference-0", incarnation: 1, at: $1, into: &$2) }
        scene.addNode("inference-0", incarnation: 2)
        scene.tell("inference-0", one, .ready, revision: 1)
        #expect(scene.routed()?.nodes == ["inference-0"])
    }

    /// In whatever order they are sent.
    @Test func aNodeNumbersItsReportsWhereItChanges() {
        let book = ReplicaBook()
        let report = ReplicaReport(model: "digits", version: 1, manifest: .fake("m"), state: .ready)
        let key = ModelKey(model: "digits", version: 1)
        #expect(book.report(load: InferenceLoad()).revision == 0)
        #expect(book.note(report, of: key).revision == 1)
        #expect(book.note(report, of: key).revision == 2)
        let whole = book.report(load: InferenceLoad())
        #expect(whole.revision == 2 && whole.replicas.map(\.revision) == [2])
        book.forget(key)
        #expect(book.report(load: InferenceLoad()) == InferenceReport(replicas: [], load: .init(), revision: 3))
    }

    @Test mutating func gatewayThatMissedATableGetsItAgain() throws {
        scene.addNode("inference-0")
        scene.run { $0.gatewayJoined("gateway-0", at: $1, into: &$2) }
        let one = scene.register()
        scene.serve(one)
        let table = scene.deployment.routing
        let missed = RoutingPosition(source: nil, epoch: 0)
        #expect(scene.run { $0.gatewayReported("gateway-0", table.position, at: $1, into: &$2) }.tables == [])
        #expect(scene.run { $0.gatewayReported("gateway-0", missed, at: $1, into: &$2) } == [])
        let later = scene.now.advanced(by: .seconds(1))
        #expect(
            scene.run(at: later) { $0.gatewayReported("gateway-0", missed, at: $1, into: &$2) }
                == [.publish(table, gateways: ["gateway-0"])])
        #expect(scene.run(at: later) { $0.gatewayDied("gateway-0", at: $1, into: &$2) } == [])
        #expect(
            scene.run(at: later.advanced(by: .seconds(9))) {
                $0.gatewayReported("gateway-0", missed, at: $1, into: &$2)
            } == [])
    }

    @Test mutating func restartKeepsTheTableUntilNodesHadTimeToComeBack() throws {
        scene.addNode("inference-0")
        scene.addNode("inference-1")
        let one = scene.register()
        scene.serve(one)
        let stored = StoredState(
            versions: [one], aliases: Array(scene.deployment.registry.aliases.values),
            routing: scene.deployment.routing)
        var after = DeploymentScene(stored: stored)
        #expect(after.deployment.routing == scene.deployment.routing)
        #expect(after.wait(.seconds(1)) == [])
        #expect(
            after.run { $0.gatewayJoined("gateway-0", at: $1, into: &$2) }
                == [.publish(scene.deployment.routing, gateways: ["gateway-0"])])
        // Back with all it holds: nothing changes for anyone.
        #expect(after.addNode("inference-0", holding: [one]) == [])
        let actions = after.wait(.seconds(4))
        #expect(after.routed()?.nodes == ["inference-0"])
        #expect(actions.tables.map(\.epoch) == [stored.routing!.epoch + 1])
    }
}
