/// Decides which node gets the next request. A value without clock, randomness or I/O of its own.
///
/// Power of two choices (Mitzenmacher, 2001) on rows: those this gateway waits for plus those the node last reported in
/// its queue. A node that fails is left out for a while that grows with each time; the last healthy one never is.
struct Balancer {
    struct Policy: Sendable {
        /// Failures in a row after which a node is ejected.
        var tolerance = 5
        /// Doubles with every ejection until an answer, up to the longest.
        var firstEjection = Duration.seconds(1)
        var longestEjection = Duration.seconds(30)
    }

    /// How an attempt ended, as far as it tells of the node.
    enum Outcome: Equatable {
        case answered(queuedRows: Int)
        /// The node's fault; some may happen.
        case failed
        /// Nobody there, or nobody taking requests: ejected at once.
        case unreachable
        /// Says nothing of the node's health: the request was at fault, or the node full.
        case indifferent
    }

    struct Node: Equatable {
        /// Rows sent and not yet answered.
        var outstandingRows = 0
        /// Rows in the node's queue when it last answered.
        var queuedRows = 0
        var failuresInARow = 0
        /// Since the last answer.
        var ejections = 0
        var ejectedUntil: ContinuousClock.Instant?

        var load: Int { outstandingRows + queuedRows }

        func isEjected(at now: ContinuousClock.Instant) -> Bool {
            ejectedUntil.map { now < $0 } ?? false
        }

        /// Back from an ejection and not yet proven: gets one request at a time.
        var isOnProbation: Bool { ejections > 0 }

        func isUsable(at now: ContinuousClock.Instant) -> Bool {
            !isEjected(at: now) && !(isOnProbation && outstandingRows > 0)
        }
    }

    let policy: Policy
    private(set) var nodes: [String: Node] = [:]
    /// All ejections so far, for the metrics.
    private(set) var ejections: UInt64 = 0

    init(policy: Policy = Policy()) {
        self.policy = policy
    }

    /// Knows these nodes from now on. What is known of those that stay is kept.
    mutating func setNodes(_ names: Set<String>) {
        nodes = nodes.filter { names.contains($0.key) }
        for name in names where nodes[name] == nil { nodes[name] = Node() }
    }

    /// Forgets a node's failures: it was started anew.
    mutating func reset(_ name: String) {
        nodes[name]?.failuresInARow = 0
        nodes[name]?.ejections = 0
        nodes[name]?.ejectedUntil = nil
        nodes[name]?.queuedRows = 0
    }

    /// Picks a node for a request of `rows` rows and counts it as sent. Nil only when there are no candidates but
    /// `excluded`. Where all are ejected, the one that comes back first is tried all the same.
    mutating func choose(
        among candidates: some Sequence<String>, excluding excluded: String? = nil, rows: Int,
        now: ContinuousClock.Instant, using random: inout some RandomNumberGenerator
    ) -> String? {
        var choices = TwoChoices()
        var ejected: (name: String, until: ContinuousClock.Instant)?
        for name in candidates where name != excluded {
            guard let node = nodes[name] else { continue }
            if node.isUsable(at: now) {
                choices.offer(name, load: node.load, using: &random)
            } else {
                let until = node.ejectedUntil ?? now
                if ejected.map({ until < $0.until }) ?? true { ejected = (name, until) }
            }
        }
        guard let chosen = choices.better(using: &random) ?? ejected?.name, var node = nodes[chosen] else { return nil }
        node.outstandingRows += rows
        nodes[chosen] = node
        return chosen
    }

    /// Takes the result of an attempt back in. `candidates` are the nodes that could have answered it.
    mutating func finished(
        _ name: String, rows: Int, outcome: Outcome, among candidates: [String], now: ContinuousClock.Instant
    ) {
        guard var node = nodes[name] else { return }
        node.outstandingRows = max(0, node.outstandingRows - rows)
        switch outcome {
        case .answered(let queuedRows):
            node.queuedRows = queuedRows
            node.failuresInARow = 0
            node.ejections = 0
            node.ejectedUntil = nil
        case .indifferent: break
        case .failed: node.failuresInARow += 1
        case .unreachable: node.failuresInARow = max(node.failuresInARow + 1, policy.tolerance)
        }
        let mayEject = node.failuresInARow >= policy.tolerance && !node.isEjected(at: now)
        if mayEject, outcome == .failed || outcome == .unreachable, hasOtherHealthy(than: name, candidates, now) {
            node.ejectedUntil = now + ejectionTime(after: node.ejections)
            node.ejections += 1
            node.queuedRows = 0
            ejections += 1
        }
        nodes[name] = node
    }

    /// How many of these nodes requests are sent to.
    func healthyCount(among names: some Sequence<String>, at now: ContinuousClock.Instant) -> Int {
        names.count { nodes[$0].map { !$0.isEjected(at: now) } ?? false }
    }

    private func hasOtherHealthy(than name: String, _ candidates: [String], _ now: ContinuousClock.Instant) -> Bool {
        candidates.contains { $0 != name && nodes[$0].map { !$0.isEjected(at: now) } ?? false }
    }

    private func ejectionTime(after ejections: Int) -> Duration {
        min(policy.firstEjection * (1 << min(ejections, 10)), policy.longestEjection)
    }
}
