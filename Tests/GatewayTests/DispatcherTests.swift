import ClusterProtocol
import Logging
import Messaging
import Synchronization
import Testing
import Wire

@testable import Gateway

/// How requests fare whose nodes are slow, stopped or gone.
@Suite(.timeLimit(.minutes(10))) struct DispatcherTests {
    private struct Scene {
        let network: InMemoryNetwork
        let nodes: [FakeNode]
        let dispatcher: Dispatcher
        let target: RouteIndex.Target

        /// Asks for a row, for longer than any test waits.
        func infer(allowed: Duration = .seconds(3600)) async -> Result<InferResponse, Failure> {
            let row: [Float] = [1, 2, 3]
            let call = InferenceCall(
                inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [1, 3])],
                frames: [row.withUnsafeBytes { Frame(copying: $0) }])
            do throws(Failure) {
                return .success(
                    try await dispatcher.infer(
                        call, target: target, received: .now, allowed: allowed, traceparent: nil
                    ).0)
            } catch {
                return .failure(error)
            }
        }

        /// Waits for something that the dispatcher comes to by itself. Ends with the time of the suite.
        func until(_ condition: () -> Bool) async throws {
            while !condition() {
                try Task.checkCancellation()
                await Task.yield()
            }
        }

        /// The node that has a request which is not answered.
        func busyNode() async throws -> FakeNode {
            try await until { nodes.contains { !$0.requests.isEmpty } }
            return nodes.first { !$0.requests.isEmpty }!
        }
    }

    /// Probes nodes soon, and takes none for stopped that is only slow, as when all stands still for a while.
    private static let quick = Vigil(
        interval: .milliseconds(5), quiet: .milliseconds(10), patience: .seconds(3600), absence: .milliseconds(50))

    /// For nodes that are stopped.
    private static var impatient: Vigil {
        var vigil = quick
        vigil.patience = .milliseconds(500)
        return vigil
    }

    /// A dispatcher that watches over some nodes.
    private func with(nodes count: Int, _ vigil: Vigil = Self.quick, _ body: (Scene) async throws -> Void) async throws
    {
        let network = InMemoryNetwork()
        let nodes = try (0..<count).map { try FakeNode("inference-\($0)", on: network) }
        let messenger = InMemoryMessenger(network: network, identity: "gateway-0", role: .gateway)
        var logger = Logger(label: "dispatcher")
        logger.logLevel = .critical
        let dispatcher = Dispatcher(messenger: messenger, logger: logger, vigil: vigil)
        _ = dispatcher.update(TestGateway.standardTable(nodes))
        let scene = Scene(
            network: network, nodes: nodes, dispatcher: dispatcher,
            target: try dispatcher.index.target(model: "sums", version: nil))
        let watch = Task { await dispatcher.watch() }
        try await body(scene)
        watch.cancel()
        await watch.value
        dispatcher.close()
        await messenger.shutdown()
    }

    /// Who waits for an answer or for a node, or comes later, hears at once that there will be none any more.
    @Test(.timeLimit(.minutes(1))) func closingRefusesAll() async throws {
        var patient = Self.quick
        patient.absence = .seconds(3600)
        try await with(nodes: 2, patient) { scene in
            let (silent, lost) = (scene.nodes[0], scene.nodes[1])
            for node in scene.nodes { node.answer { _ in .silence } }
            let requests = (0..<8).map { _ in Task { await scene.infer(allowed: .seconds(3600)) } }
            try await scene.until { !silent.requests.isEmpty && !lost.requests.isEmpty }
            scene.network.disconnect(lost.name)
            scene.network.disconnect(silent.name)
            try await scene.until { scene.dispatcher.waitingCount == requests.count }
            scene.dispatcher.close()
            for request in requests { #expect(await request.value.failure?.code == .unavailable) }
            let late = await scene.infer(allowed: .seconds(3600)).failure
            #expect(late?.message == "the gateway shuts down; try again")
            #expect(!scene.dispatcher.update(TestGateway.table(epoch: 1000, scene.nodes)))
        }
    }

    /// The same where the nodes are there, and work.
    @Test(.timeLimit(.minutes(1))) func closingEndsWhatNodesWorkOn() async throws {
        var patient = Self.quick
        patient.absence = .seconds(3600)
        try await with(nodes: 1, patient) { scene in
            scene.nodes[0].answer { _ in .silence }
            let request = Task { await scene.infer(allowed: .seconds(3600)) }
            _ = try await scene.busyNode()
            scene.dispatcher.close()
            #expect(await request.value.failure?.message == "the gateway shuts down; try again")
        }
    }

    /// A node that works on a request for long, and says that it lives, keeps it, and its good name.
    @Test func slownessIsNoFailure() async throws {
        try await with(nodes: 2) { scene in
            for node in scene.nodes { node.answer { _ in .silence } }
            let slow = Task { await scene.infer() }
            let busy = try await scene.busyNode()
            try await scene.until { busy.probeCount >= 5 }
            #expect(scene.dispatcher.ejectionCount == 0 && scene.dispatcher.retryCount == 0)
            #expect(scene.nodes.map(\.requests.count).reduce(0, +) == 1)
            #expect(busy.cancellations.isEmpty)
            slow.cancel()
            _ = await slow.value
        }
    }

    /// The caller's time is over: the node hears it, nobody else is asked, and nobody is blamed.
    @Test func aRequestThatTakesTooLongEndsEverywhere() async throws {
        try await with(nodes: 2) { scene in
            for node in scene.nodes { node.answer { _ in .silence } }
            // Where all else is slow the time may be over before a node is asked.
            var (attempts, allowed) = (0, Duration.milliseconds(50))
            repeat {
                try Task.checkCancellation()
                attempts += 1
                let failure = await scene.infer(allowed: allowed).failure
                #expect(failure?.code == .deadlineExceeded)
                allowed *= 2
            } while scene.nodes.allSatisfy(\.requests.isEmpty)
            try await scene.until { scene.nodes.allSatisfy { $0.cancellations.count >= $0.requests.count } }
            for node in scene.nodes { #expect(node.cancellations == node.requests.map(\.envelope.messageID)) }
            #expect(scene.nodes.map(\.requests.count).reduce(0, +) <= attempts)
            #expect(scene.dispatcher.ejectionCount == 0 && scene.dispatcher.retryCount == 0)
        }
    }

    /// Nobody waits any more: the node hears it.
    @Test func aCallerThatLeavesEndsTheWork() async throws {
        try await with(nodes: 1) { scene in
            scene.nodes[0].answer { _ in .silence }
            let request = Task { await scene.infer() }
            let busy = try await scene.busyNode()
            request.cancel()
            #expect(await request.value.failure?.code == .cancelled)
            try await scene.until { !busy.cancellations.isEmpty }
            #expect(busy.cancellations == busy.requests.map(\.envelope.messageID))
            #expect(scene.dispatcher.nodes["inference-0"]?.outstandingRows == 0)
        }
    }

    /// A node that says nothing at all any more loses its requests to another, however long they may take, and gets no
    /// new ones for a while.
    @Test func aStoppedNodeLosesItsRequests() async throws {
        try await with(nodes: 2, Self.impatient) { scene in
            for node in scene.nodes { node.answer { _ in .silence } }
            let request = Task { await scene.infer() }
            let stopped = try await scene.busyNode()
            for node in scene.nodes where node !== stopped { node.answer { _ in .sums() } }
            stopped.stop()
            #expect(await request.value.failure == nil)
            #expect(scene.dispatcher.ejectionCount == 1 && scene.dispatcher.retryCount == 1)
            #expect(scene.dispatcher.nodes[stopped.name]?.ejectedUntil != nil)
        }
    }

    /// A node that is silent and has left the table meanwhile, as the coordinator hears nothing of it either, loses its
    /// requests no later.
    @Test func aStoppedNodeThatLeftTheTableLosesItsRequests() async throws {
        try await with(nodes: 2, Self.impatient) { scene in
            for node in scene.nodes { node.answer { _ in .silence } }
            let request = Task { await scene.infer() }
            let stopped = try await scene.busyNode()
            let others = scene.nodes.filter { $0 !== stopped }
            for node in others { node.answer { _ in .sums() } }
            stopped.stop()
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 6, others)))
            #expect(await request.value.failure == nil)
            #expect(scene.dispatcher.retryCount == 1)
        }
    }

    /// A node that has left the table and works on a request, and says that it lives, keeps it.
    @Test func aNodeThatLeftTheTableFinishesItsWork() async throws {
        try await with(nodes: 1) { scene in
            let node = scene.nodes[0]
            node.answer { _ in .silence }
            let request = Task { await scene.infer() }
            try await scene.until { !node.requests.isEmpty }
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 6, [])))
            try await scene.until { node.probeCount >= 5 }
            #expect(node.cancellations.isEmpty && scene.dispatcher.retryCount == 0)
            request.cancel()
            _ = await request.value
        }
    }

    /// The table knows the version, and its nodes are still to come, as after a start of the whole cluster.
    @Test func aVersionWithoutNodesIsWaitedFor() async throws {
        var patient = Self.quick
        patient.absence = .seconds(3600)
        try await with(nodes: 2, patient) { scene in
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 6, [])))
            let requests = (0..<5).map { _ in Task { await scene.infer() } }
            try await scene.until { scene.dispatcher.waitingCount == 5 }
            // The table of another version's node says nothing of this one.
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 7, [])))
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 8, [scene.nodes[1]])))
            for request in requests { #expect(await request.value.failure == nil) }
            #expect(scene.nodes[0].requests.isEmpty && scene.nodes[1].requests.count == 5)
            try await scene.until { scene.dispatcher.waitingCount == 0 }
        }
    }

    /// Nodes that cannot be reached where the table says may be elsewhere in the next one.
    @Test func nodesAreFoundWhereTheNextTableSays() async throws {
        var patient = Self.quick
        patient.absence = .seconds(3600)
        try await with(nodes: 2, patient) { scene in
            scene.network.disconnect("inference-0")
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 6, [scene.nodes[0]])))
            let request = Task { await scene.infer() }
            try await scene.until { scene.dispatcher.waitingCount == 1 }
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 7, [scene.nodes[1]])))
            #expect(await request.value.failure == nil)
        }
    }

    /// But not for long, and not for a version that the table has no more.
    @Test func whoDoesNotComeIsNotWaitedFor() async throws {
        try await with(nodes: 1) { scene in
            #expect(scene.dispatcher.update(TestGateway.table(epoch: 6, [])))
            let failure = await scene.infer().failure
            #expect(failure == Failure(.unavailable, "no inference node holds 'sums' version 2 now"))
            #expect(scene.dispatcher.update(RoutingTable(epoch: 7, models: [])))
            #expect(await scene.infer().failure?.code == .unavailable)
            #expect(scene.dispatcher.waitingCount == 0)
        }
    }

    /// Where no node is there, callers hear so soon, whatever their time.
    @Test func withoutNodesRequestsAreRefused() async throws {
        try await with(nodes: 2) { scene in
            for node in scene.nodes { scene.network.disconnect(node.name) }
            let failure = await scene.infer().failure
            #expect(failure?.code == .unavailable)
            #expect(
                failure?.message == """
                    none of the nodes that hold 'sums' version 2 can be reached (inference-0, inference-1); try again
                    """)
            for node in scene.nodes { scene.network.reconnect(node.name) }
            #expect(await scene.infer().failure == nil)
        }
    }

    /// Whose time is over while it waits for a node is told that.
    @Test func withoutNodesTimeIsOver() async throws {
        var patient = Self.quick
        patient.absence = .seconds(3600)
        try await with(nodes: 1, patient) { scene in
            scene.network.disconnect("inference-0")
            #expect(await scene.infer(allowed: .milliseconds(50)).failure?.code == .deadlineExceeded)
            #expect(scene.dispatcher.waitingCount == 0)
        }
    }

    /// Requests that were under way to the last node are refused as well, once it is not back soon.
    @Test func theLossOfTheLastNodeIsToldToThoseWhoWait() async throws {
        try await with(nodes: 1) { scene in
            scene.nodes[0].answer { _ in .silence }
            let requests = (0..<20).map { _ in Task { await scene.infer() } }
            try await scene.until { scene.nodes[0].requests.count == 20 }
            scene.network.disconnect("inference-0")
            for request in requests { #expect(await request.value.failure?.code == .unavailable) }
        }
    }

    /// A node that comes back soon answers what was lost with its connection, and what came meanwhile.
    @Test func aNodeThatComesBackAnswers() async throws {
        var patient = Self.quick
        patient.absence = .seconds(3600)
        try await with(nodes: 1, patient) { scene in
            scene.nodes[0].answer { _ in .silence }
            let lost = Task { await scene.infer() }
            let node = try await scene.busyNode()
            scene.network.disconnect("inference-0")
            let waiting = Task { await scene.infer() }
            node.answer { _ in .sums() }
            scene.network.reconnect("inference-0")
            #expect(await lost.value.failure == nil)
            #expect(await waiting.value.failure == nil)
        }
    }

    /// What says nothing of a node counts against none: not the caller's time, not the gateway's own queue.
    @Test func whoIsAtFault() {
        func result(_ error: any Error) -> AttemptResult {
            AttemptResult(error, node: "n", allowed: .seconds(10))
        }
        for error in [
            MessagingError.timedOut(peer: "n", after: .seconds(10)), .backlogFull(peer: "n"),
            .messageTooLarge(bytes: 2, limit: 1), .invalidMessage(reason: ""), .closed,
        ] {
            #expect(result(error).outcome == .indifferent, "\(error)")
        }
        #expect(result(CancellationError()).outcome == .indifferent)
        #expect(result(MessagingError.notConnected(peer: "n")).outcome == .unreachable)
        #expect(result(MessagingError.timedOut(peer: "n", after: .seconds(10))).retry == .nowhere)
        #expect(result(MessagingError.notConnected(peer: "n")).retry == .anywhere)
        #expect(result(MessagingError.backlogFull(peer: "n")).retry == .elsewhere)
        #expect(result(Failure(.protocolMismatch, "")).retry == .elsewhere)
    }
}

extension Result where Failure == Wire.Failure {
    fileprivate var failure: Wire.Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
