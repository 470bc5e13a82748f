import Digests
import Foundation
import Messaging
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import ClusterProtocol
@testable import Nodes

/// An inference node that is told to load several versions, of a coordinator that a test plays and that has none of them
/// at hand.
@Suite(.timeLimit(.minutes(10))) struct ConcurrentLoadTests {
    /// Takes the node in, and leaves what it asks for unanswered.
    private final class Desk: Sendable {
        struct State {
            var listener: (any Listener)?
            var node: Peer?
            /// Digests in the order in which they were asked for.
            var wanted: [ContentDigest] = []
            var open: [ContentDigest: Envelope] = [:]
            var denied: Set<ContentDigest> = []
        }

        let state = Mutex(State())
        private let messenger: InMemoryMessenger

        init(on network: InMemoryNetwork) throws {
            messenger = InMemoryMessenger(network: network, identity: "coordinator", role: .coordinator)
            let listener = try messenger.bind(TestCluster.endpoint, admitting: [.inference]) { [self] peer, message in
                switch message.envelope.body {
                case .join:
                    state.withLock { $0.node = peer }
                    answer(message.envelope, .joined(Joined(clusterID: "c", heartbeatInterval: .milliseconds(20))))
                case .heartbeat: answer(message.envelope, .heartbeatReply(HeartbeatReply(known: true)))
                case .chunkRequest(let request):
                    let isDenied = state.withLock {
                        if $0.open.updateValue(message.envelope, forKey: request.digest) == nil {
                            $0.wanted.append(request.digest)
                        }
                        return $0.denied.contains(request.digest)
                    }
                    if isDenied { deny(message.envelope) }
                default: break
                }
            }
            state.withLock { $0.listener = listener }
        }

        private func answer(_ question: Envelope, _ body: Envelope.Body) {
            let (listener, node) = state.withLock { ($0.listener, $0.node) }
            guard let node else { return }
            try? listener?.send(Message(Envelope(body, correlationID: question.messageID)), to: node)
        }

        /// Says that there is no such content: the load of it fails. Also when the node, which did not wait so long for
        /// an answer, has asked again or does so later.
        func deny(_ digest: ContentDigest) throws {
            let question = state.withLock {
                $0.denied.insert(digest)
                return $0.open[digest]
            }
            deny(try #require(question))
        }

        private func deny(_ question: Envelope) {
            answer(question, .failure(Failure(.notFound, "no such content")))
        }

        func order(_ order: some ClusterMessage) async throws {
            let (listener, node) = state.withLock { ($0.listener, $0.node) }
            try await #require(listener).call(order, to: #require(node), timeout: .seconds(20))
        }

        var wanted: [ContentDigest] { state.withLock { $0.wanted } }
    }

    @Test func twoLoadsAreUnderWayAtOnceAndThoseOfOneVersionOneAfterTheOther() async throws {
        let network = InMemoryNetwork()
        let folder = try TemporaryFolder()
        let desk = try Desk(on: network)
        let messenger = InMemoryMessenger(network: network, identity: "inference-0", role: .inference)
        let node = try InferenceNode(
            NodeConfiguration(
                name: "inference-0", role: .inference, cluster: "test", data: folder.url, keys: folder.url,
                endpointFile: nil, coordinator: TestCluster.endpoint, listen: "inproc://inference-0"),
            messenger: messenger, logger: .silent)
        let running = Task { try await node.run() }
        try await eventually("it has joined") { desk.state.withLock { $0.node } != nil }
        let manifests = (0..<4).map { ContentDigest.fake("manifest \($0)") }
        func load(_ version: Int, _ manifest: ContentDigest) async throws {
            try await desk.order(LoadReplica(model: "m", version: version, manifest: manifest))
        }
        try await load(1, manifests[0])
        try await load(2, manifests[1])
        try await load(2, manifests[2])
        try await load(3, manifests[3])
        try await eventually("both are asked for") { Set(desk.wanted) == Set(manifests[..<2]) }
        try desk.deny(manifests[0])
        // There is room now, but version 2 is still at work.
        try await load(4, manifests[0])
        #expect(Set(desk.wanted) == Set(manifests[..<2]))
        try desk.deny(manifests[1])
        try await eventually("those behind are asked for") { Set(desk.wanted) == Set(manifests) }
        running.cancel()
        _ = await running.result
        await messenger.shutdown()
    }
}
