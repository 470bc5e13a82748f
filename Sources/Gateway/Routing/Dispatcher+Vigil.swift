import ClusterProtocol
import Logging
import Messaging
import Synchronization

extension Dispatcher {
    /// Finds nodes that do not live any more, until the task is cancelled. Requests to such a node fail at once, so that
    /// another is asked, and the node is left out for a while.
    func watch() async {
        await withDiscardingTaskGroup { probes in
            // Ends when it is cancelled.
            while (try? await Task.sleep(for: vigil.interval)) != nil {
                for link in quietLinks() { probes.addTask { [self] in await probe(link) } }
            }
        }
    }

    /// A node has said something.
    func heard(from link: NodeLink) {
        state.withLock { _ in link.open.heard(at: .now) }
    }

    /// Links whose nodes shall be probed now, those to nodes that left the table among them: what they owe is waited for.
    /// One that has lost its connection may still owe what was asked as it did.
    private func quietLinks() -> [NodeLink] {
        state.withLock { state in
            let time = ContinuousClock.now - vigil.quiet
            let links = (Array(state.links.values) + state.retired)
                .filter { $0.open.isQuiet(since: time) && !$0.isProbed }
            for link in links { link.isProbed = true }
            return links
        }
    }

    private func probe(_ link: NodeLink) async {
        let began = ContinuousClock.now
        let sign = await link.probe(within: vigil.patience)
        state.withLock { _ in link.isProbed = false }
        switch sign {
        case .answer: heard(from: link)
        case .silence: giveUp(link, quietSince: began)
        case .nothing: break
        }
    }

    /// Ends the requests that wait for a silent node, by closing the link to it. A node of the table gets another one.
    private func giveUp(_ link: NodeLink, quietSince began: ContinuousClock.Instant) {
        let (node, name) = (link.node, link.node.name)
        let isSilent = state.withLock { state in
            // It may have said something else meanwhile.
            guard link.open.isQuiet(since: began) else { return false }
            guard state.links[name] === link else {
                // It has left the table.
                state.retired.removeAll { $0 === link }
                return true
            }
            do throws(MessagingError) {
                state.links[name] = try connect(node)
            } catch {
                state.links[name] = nil
                logger.error("cannot reach an inference node", metadata: ["node": "\(name)", "error": "\(error)"])
            }
            state.balancer.finished(
                name, rows: 0, outcome: .unreachable, among: state.index.nodes.map(\.name), now: .now)
            return true
        }
        guard isSilent else { return }
        logger.warning("an inference node says nothing", metadata: ["node": "\(name)", "for": "\(vigil.patience)"])
        link.link.close()
    }
}
