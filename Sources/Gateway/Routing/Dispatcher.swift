import ClusterProtocol
import Explanations
import Logging
import Messaging
import Synchronization
import Wire

/// Sends inference requests to nodes: picks one, waits, and tries one other where that can help.
///
/// No answer has left the gateway before a node's whole answer is here, so a second attempt is never seen by the
/// caller. Inference has no side effects: doing it twice does no harm.
final class Dispatcher: Sendable {
    /// One for the first node, one for another.
    static let attempts = 2

    struct State {
        var index = RouteIndex()
        var balancer = Balancer()
        var links: [String: NodeLink] = [:]
        /// Links to nodes that left the table, until their last answer is here.
        var retired: [NodeLink] = []
        var random = FastRandom()
        /// Requests that wait for another table.
        var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
        var lastListener: UInt64 = 0
        /// No request is sent any more.
        var isClosed = false
    }

    let state = Mutex(State())
    private let retries = Atomic<UInt64>(0)
    private let messenger: any Messenger
    let logger: Logger
    let vigil: Vigil

    init(messenger: any Messenger, logger: Logger, vigil: Vigil = Vigil()) {
        self.messenger = messenger
        self.logger = logger
        self.vigil = vigil
    }

    var index: RouteIndex { state.withLock { $0.index } }
    var retryCount: UInt64 { retries.load(ordering: .relaxed) }
    var ejectionCount: UInt64 { state.withLock { $0.balancer.ejections } }
    /// Requests that wait for a node to be there.
    var waitingCount: Int { state.withLock { $0.listeners.count } }
    var nodes: [String: Balancer.Node] { state.withLock { $0.balancer.nodes } }

    /// The nodes that requests can be sent to now.
    var connectedNodes: Set<String> {
        state.withLock { state in Set(state.links.filter { $0.value.link.isConnected }.keys) }
    }

    /// How many of these nodes requests are sent to.
    func healthyCount(among names: some Sequence<String> & Sendable) -> Int {
        state.withLock { $0.balancer.healthyCount(among: names, at: .now) }
    }

    /// Takes over a routing table unless it is an older one of the same state. New nodes get a link, lost ones give theirs
    /// back once nothing waits on it. Returns whether it was taken.
    func update(_ table: RoutingTable) -> Bool {
        let index = RouteIndex(table)
        // Without a connection, and with their node gone or elsewhere, they will not answer what is asked over them.
        var lost: [NodeLink] = []
        defer { for link in lost { link.link.close() } }
        return state.withLock { state in
            if state.isClosed { return false }
            if let position = state.index.position, !table.position.supersedes(position) { return false }
            state.index = index
            let nodes = index.nodes
            for (name, link) in state.links where !nodes.contains(link.node) {
                state.links[name] = nil
                if link.link.isConnected { state.retired.append(link) } else { lost.append(link) }
            }
            closeIdle(&state)
            state.balancer.setNodes(Set(nodes.map(\.name)))
            for node in nodes where state.links[node.name] == nil {
                do {
                    state.links[node.name] = try connect(node)
                    state.balancer.reset(node.name)
                } catch {
                    logger.error(
                        "cannot reach an inference node",
                        metadata: ["node": "\(node.name)", "error": "\(error.explanation)"])
                }
            }
            for listener in state.listeners.values { listener.yield() }
            return true
        }
    }

    /// The node's answer to `call`, or why there is none. All attempts together end `allowed` after `received`; where
    /// that is over now, as it always is for no time at all, no node is asked.
    func infer(
        _ call: InferenceCall, target: RouteIndex.Target, received: ContinuousClock.Instant, allowed: Duration,
        traceparent: String?
    ) async throws(Failure) -> (InferResponse, [Frame]) {
        let request = InferRequest(
            model: target.route.model, version: target.versionText, inputs: call.inputs,
            outputs: call.outputs.map(\.name))
        let message = Message(
            Envelope(.inferRequest(request), traceparent: traceparent), frames: call.frames)
        let deadline = received + allowed
        var tried: String?
        var last: AttemptResult?
        attempts: for attempt in 0..<Self.attempts {
            let now = ContinuousClock.now
            guard now < deadline else {
                throw last?.failure
                    ?? Failure(
                        .deadlineExceeded,
                        """
                        the request was allowed \(allowed), which was over before it was sent to a node: allow it \
                        more, or leave out parameters.timeout and martlet-timeout-ms
                        """)
            }
            let link: NodeLink
            switch try begin(call.rows, target, excluding: tried, last?.retry) {
            case .node(let chosen): link = chosen
            case .nobody where attempt > 0 && last?.retry != .anywhere: break attempts
            case .nobody, .nobodyConnected: link = try await firstThere(call.rows, target, deadline)
            }
            if attempt > 0 { retries.wrappingAdd(1, ordering: .relaxed) }
            do {
                let reply = try await link.link.request(message, timeout: deadline - .now)
                guard case .inferResponse(let response) = reply.envelope.body else {
                    throw Failure(.internal, "'\(link.node.name)' answered an inference request with something else")
                }
                end(link, call.rows, .answered(queuedRows: Int(response.queuedRows)), target)
                return (response, reply.frames)
            } catch {
                let result = AttemptResult(error, node: link.node.name, allowed: allowed)
                // A failure is the node's own word.
                if error is Failure { heard(from: link) }
                end(link, call.rows, result.outcome, target)
                guard result.retry != .nowhere else { throw result.failure }
                logger.debug(
                    "attempt failed",
                    metadata: ["node": "\(link.node.name)", "attempt": "\(attempt)", "reason": "\(result.failure)"])
                tried = link.node.name
                last = result
            }
        }
        throw last?.failure ?? Self.unreachable(target)
    }

    /// Ends the requests under way, and refuses all that come from now on.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for listener in state.listeners.values { listener.yield() }
            for link in state.links.values { link.link.close() }
            for link in state.retired { link.link.close() }
            state.links = [:]
            state.retired = []
        }
    }

    func connect(_ node: RoutingTable.Node) throws(MessagingError) -> NodeLink {
        let logger = logger
        let link = try messenger.connect(to: node.endpoint, remote: node.name) { message in
            logger.warning("an inference node sent what nobody asked for", metadata: ["node": "\(node.name)"])
        }
        return NodeLink(node: node, link: link)
    }

    enum Choice {
        case node(NodeLink)
        /// Some could answer, but none of them is connected.
        case nobodyConnected([NodeLink])
        case nobody
    }

    /// The link to a node for a request, which counts as sent.
    private func begin(
        _ rows: Int, _ target: RouteIndex.Target, excluding tried: String?, _ retry: AttemptResult.Retry?
    ) throws(Failure) -> Choice {
        let choice = try choose(rows, target, excluding: tried)
        // No other than the one that was tried, which may be back already.
        if case .nobody = choice, retry == .anywhere { return try choose(rows, target, excluding: nil) }
        return choice
    }

    func choose(_ rows: Int, _ target: RouteIndex.Target, excluding tried: String?) throws(Failure) -> Choice {
        try state.withLock { state throws(Failure) in
            guard !state.isClosed else { throw Failure(.unavailable, "the gateway shuts down; try again") }
            let links = state.links
            func isConnected(_ name: String) -> Bool { links[name]?.link.isConnected ?? false }
            let chosen = state.balancer.choose(
                among: target.nodeNames.lazy.filter(isConnected), excluding: tried, rows: rows, now: .now,
                using: &state.random)
            if let chosen, let link = links[chosen] {
                link.open.begin(at: .now)
                return .node(link)
            }
            guard !target.nodeNames.contains(where: isConnected) else { return .nobody }
            let lost = target.nodeNames.compactMap { links[$0] }
            return lost.isEmpty ? .nobody : .nobodyConnected(lost)
        }
    }

    private func end(_ link: NodeLink, _ rows: Int, _ outcome: Balancer.Outcome, _ target: RouteIndex.Target) {
        state.withLock { state in
            if case .answered = outcome { link.open.heard(at: .now) }
            link.open.end()
            state.balancer.finished(
                link.node.name, rows: rows, outcome: outcome, among: target.nodeNames, now: .now)
            if !state.retired.isEmpty { closeIdle(&state) }
        }
    }

    private func closeIdle(_ state: inout State) {
        for link in state.retired where link.open.count == 0 { link.link.close() }
        state.retired.removeAll { $0.open.count == 0 }
    }
}
