import ClusterProtocol
import Foundation

/// When a node that ended is started again. A value without clock or processes: what is seen goes in, what is due comes
/// out.
///
/// The first restart comes soon, the next ones later and later: a process that cannot run must not keep the machine
/// busy with trying. One that has run for a while begins anew.
struct Supervision: Sendable, Equatable {
    struct Policy: Sendable, Equatable {
        var firstPause = Duration.milliseconds(500)
        var longestPause = Duration.seconds(30)
        /// A node that ran so long had no trouble to start.
        var settled = Duration.seconds(60)
    }

    private enum State: Equatable {
        case runs(since: ContinuousClock.Instant)
        case waits(until: ContinuousClock.Instant)
    }

    private struct Node: Equatable {
        var state: State
        /// Before the next restart.
        var pause: Duration
    }

    let policy: Policy
    private var nodes: [String: Node] = [:]
    private(set) var records: [String: RestartRecord]

    init(policy: Policy = Policy(), records: [String: RestartRecord] = [:]) {
        self.policy = policy
        self.records = records
    }

    /// A node was seen to run. It may have been started by someone else.
    mutating func runs(_ name: String, at now: Moment) {
        if case .runs = nodes[name]?.state { return }
        nodes[name] = Node(state: .runs(since: now.instant), pause: nodes[name]?.pause ?? policy.firstPause)
        records[name]?.nextTry = nil
    }

    /// A node was seen not to run. What is said of an end that is known already changes nothing.
    mutating func ended(_ name: String, at now: Moment, reason: @autoclosure () -> String) {
        var node = nodes[name] ?? Node(state: .runs(since: now.instant), pause: policy.firstPause)
        guard case .runs(let since) = node.state else { return }
        if since.duration(to: now.instant) >= policy.settled { node.pause = policy.firstPause }
        node.state = .waits(until: now.instant + node.pause)
        records[name] = RestartRecord(
            restarts: records[name]?.restarts ?? 0, lastReason: reason(), lastEnd: now.date,
            nextTry: now.advanced(by: node.pause).date)
        node.pause = min(node.pause * 2, policy.longestPause)
        nodes[name] = node
    }

    /// The nodes to start now, by name.
    func due(at now: Moment) -> [String] {
        nodes.filter { _, node in
            if case .waits(let until) = node.state { until <= now.instant } else { false }
        }.keys.sorted()
    }

    /// It was started, whether that helps or not.
    mutating func startedAgain(_ name: String, at now: Moment) {
        nodes[name]?.state = .runs(since: now.instant)
        records[name]?.restarts += 1
        records[name]?.nextTry = nil
    }
}
