import ClusterProtocol
import Synchronization
import Wire

extension Dispatcher {
    /// Waits for the first node that can be asked: one that comes back, also the one that was tried, or one that the
    /// routing table names meanwhile, as after a start of the whole cluster. But not for long: better that callers hear of
    /// it and come again than that all of them wait here.
    func firstThere(
        _ rows: Int, _ target: RouteIndex.Target, _ deadline: ContinuousClock.Instant
    ) async throws(Failure) -> NodeLink {
        let end = min(.now + vigil.absence, deadline)
        var target = target
        while true {
            // Heard of from before the look.
            let (tables, table) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let listener = listen(table)
            defer { state.withLock { $0.listeners[listener] = nil } }
            // One that has left the table has nodes no more.
            guard let current = index.successor(of: target) else { throw Self.unreachable(target) }
            target = current
            var lost: [NodeLink] = []
            switch try choose(rows, target, excluding: nil) {
            case .node(let link): return link
            case .nobodyConnected(let links): lost = links
            case .nobody: break
            }
            guard await Self.somethingChanges(lost, tables, until: end) else {
                guard deadline > end else { throw Self.noneInTime(target) }
                throw Self.unreachable(target)
            }
        }
    }

    private static func noneInTime(_ target: RouteIndex.Target) -> Failure {
        Failure(
            .deadlineExceeded,
            "the time that the request was allowed was over before a node with '\(target.route.model)' version "
                + "\(target.versionText) was there: allow it more")
    }

    static func unreachable(_ target: RouteIndex.Target) -> Failure {
        let version = "'\(target.route.model)' version \(target.versionText)"
        return Failure(
            .unavailable,
            target.nodeNames.isEmpty
                ? "no inference node holds \(version) now"
                : """
                none of the nodes that hold \(version) can be reached (\(target.nodeNames.joined(separator: ", "))); try again
                """)
    }

    private func listen(_ table: AsyncStream<Void>.Continuation) -> UInt64 {
        state.withLock { state in
            state.lastListener += 1
            state.listeners[state.lastListener] = table
            return state.lastListener
        }
    }

    /// Whether, until then, one of the links has its node again or there is another table.
    private static func somethingChanges(
        _ links: [NodeLink], _ tables: AsyncStream<Void>, until end: ContinuousClock.Instant
    ) async -> Bool {
        enum Sign {
            case change, nothing, timeIsOver
        }
        return await withTaskGroup(of: Sign.self) { signs in
            for link in links {
                signs.addTask { await link.probe(within: end - .now) == .answer ? .change : .nothing }
            }
            signs.addTask { await tables.contains { _ in true } ? .change : .nothing }
            signs.addTask {
                // Cancelled, it is over as well.
                try? await Task.sleep(until: end, clock: .continuous)
                return .timeIsOver
            }
            for await sign in signs where sign != .nothing {
                signs.cancelAll()
                return sign == .change
            }
            return false
        }
    }
}
