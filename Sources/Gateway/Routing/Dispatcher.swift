import Cluster
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

    private struct State {
        var index = RouteIndex()
        var balancer = Balancer()
        var links: [String: NodeLink] = [:]
        /// Links to nodes that left the table, until their last answer is here.
        var retired: [NodeLink] = []
        var random = FastRandom()
    }

    private let state = Mutex(State())
    private let retries = Atomic<UInt64>(0)
    private let messenger: any Messenger
    private let logger: Logger

    init(messenger: any Messenger, logger: Logger) {
        self.messenger = messenger
        self.logger = logger
    }

    var index: RouteIndex { state.withLock { $0.index } }
    var retryCount: UInt64 { retries.load(ordering: .relaxed) }
    var ejectionCount: UInt64 { state.withLock { $0.balancer.ejections } }
    var nodes: [String: Balancer.Node] { state.withLock { $0.balancer.nodes } }

    /// Takes over a routing table unless it is an older one of the same state. New nodes get a link, lost ones give theirs
    /// back once nothing waits on it. Returns whether it was taken.
    func update(_ table: RoutingTable) -> Bool {
        let index = RouteIndex(table)
        return state.withLock { state in
            guard table.position.supersedes(state.index.position) else { return false }
            state.index = index
            let nodes = index.nodes
            for (name, link) in state.links where !nodes.contains(link.node) {
                state.links[name] = nil
                state.retired.append(link)
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
        var last: Failure?
        for attempt in 0..<Self.attempts {
            let now = ContinuousClock.now
            guard now < deadline else {
                throw last
                    ?? Failure(
                        .deadlineExceeded,
                        """
                        the request was allowed \(allowed), which was over before it was sent to a node: allow it \
                        more, or leave out parameters.timeout and martlet-timeout-ms
                        """)
            }
            guard let link = begin(call.rows, target, excluding: tried, now) else { break }
            if attempt > 0 { retries.wrappingAdd(1, ordering: .relaxed) }
            let timeout = Self.timeout(ofAttempt: attempt, remaining: deadline - now)
            do {
                let reply = try await link.link.request(message, timeout: timeout)
                guard case .inferResponse(let response) = reply.envelope.body else {
                    throw Failure(.internal, "'\(link.node.name)' answered an inference request with something else")
                }
                end(link, call.rows, .answered(queuedRows: Int(response.queuedRows)), target)
                return (response, reply.frames)
            } catch {
                let result = AttemptResult(error, node: link.node.name, timeout: timeout)
                end(link, call.rows, result.outcome, target)
                guard result.retry else { throw result.failure }
                logger.debug(
                    "attempt failed",
                    metadata: ["node": "\(link.node.name)", "attempt": "\(attempt)", "reason": "\(result.failure)"])
                tried = link.node.name
                last = result.failure
            }
        }
        throw last
            ?? Failure(
                .unavailable, "no inference node holds '\(target.route.model)' version \(target.versionText) now")
    }

    /// The first attempt leaves half of the time for another, unless so little is left that waiting is the better use.
    static func timeout(ofAttempt attempt: Int, remaining: Duration) -> Duration {
        guard attempt == 0, remaining >= AttemptResult.silence * 2 else { return remaining }
        return remaining / 2
    }

    func close() {
        state.withLock { state in
            for link in state.links.values { link.link.close() }
            for link in state.retired { link.link.close() }
            state.links = [:]
            state.retired = []
        }
    }

    private func connect(_ node: RoutingTable.Node) throws(MessagingError) -> NodeLink {
        let logger = logger
        let link = try messenger.connect(to: node.endpoint, remote: node.name) { message in
            logger.debug("an inference node sent what nobody asked for", metadata: ["node": "\(node.name)"])
        }
        return NodeLink(node: node, link: link)
    }

    private func begin(
        _ rows: Int, _ target: RouteIndex.Target, excluding tried: String?, _ now: ContinuousClock.Instant
    ) -> NodeLink? {
        state.withLock { state in
            // A node that cannot be reached now is asked only when no other can: the request waits for its return.
            let connected = target.nodeNames.filter { state.links[$0]?.link.isConnected ?? false }
            let candidates = connected.contains { $0 != tried } ? connected : target.nodeNames
            let chosen = state.balancer.choose(
                among: candidates, excluding: tried, rows: rows, now: now, using: &state.random)
            guard let chosen else { return nil }
            guard let link = state.links[chosen] else {
                // Its address was unusable when the table came.
                state.balancer.finished(
                    chosen, rows: rows, outcome: .unreachable, among: target.nodeNames, now: now)
                return nil
            }
            link.inFlight += 1
            return link
        }
    }

    private func end(_ link: NodeLink, _ rows: Int, _ outcome: Balancer.Outcome, _ target: RouteIndex.Target) {
        state.withLock { state in
            link.inFlight -= 1
            state.balancer.finished(
                link.node.name, rows: rows, outcome: outcome, among: target.nodeNames, now: .now)
            if !state.retired.isEmpty { closeIdle(&state) }
        }
    }

    private func closeIdle(_ state: inout State) {
        for link in state.retired where link.inFlight == 0 { link.link.close() }
        state.retired.removeAll { $0.inFlight == 0 }
    }
}
