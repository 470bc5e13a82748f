import Cluster
import Synchronization

/// What the gateway counts. One lock, held for the addition alone.
final class GatewayMetrics: Sendable {
    /// Versions told apart in the labels; later ones count as version "other".
    static let maximumSeries = 256
    /// Upper bounds in seconds.
    static let bounds: [Double] = [
        0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    struct Label: Hashable, Comparable {
        var model: String
        var version: String

        static func < (left: Label, right: Label) -> Bool {
            (left.model, left.version) < (right.model, right.version)
        }
    }

    struct Series {
        var statuses: [Int: UInt64] = [:]
        /// Not cumulative; the last counts what is beyond all bounds.
        var buckets = [UInt64](repeating: 0, count: bounds.count + 1)
        var seconds = 0.0

        var count: UInt64 { buckets.reduce(0, +) }
    }

    struct State {
        var series: [Label: Series] = [:]
        var traffic: [String: TrafficWindow] = [:]
        /// Answers that name no model, by status.
        var otherStatuses: [Int: UInt64] = [:]
        var queueRefusals: UInt64 = 0
        var gatewayRefusals: UInt64 = 0
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Counts one answered inference request. `model` and `version` come from the routing table, never from a caller.
    func record(_ label: Label, status: Int, elapsed: Duration) {
        let microseconds = Int(elapsed / .microseconds(1))
        let seconds = Double(microseconds) / 1e6
        let second = self.second
        state.withLock { state in
            var label = label
            if state.series[label] == nil, state.series.count >= Self.maximumSeries { label.version = "other" }
            let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
            state.series[label, default: Series()].statuses[status, default: 0] += 1
            state.series[label]!.buckets[bucket] += 1
            state.series[label]!.seconds += seconds
            state.traffic[label.model, default: TrafficWindow()].record(
                second: second, microseconds: microseconds, isError: status >= 400)
            if status == 503 { state.queueRefusals += 1 }
        }
    }

    /// Counts an answer that belongs to no model.
    func record(status: Int) {
        state.withLock { $0.otherStatuses[status, default: 0] += 1 }
    }

    /// Counts a request refused because the gateway itself was full.
    func recordRefusal() {
        state.withLock { $0.gatewayRefusals += 1 }
    }

    var snapshot: State { state.withLock { $0 } }

    /// The last ten seconds by model.
    var traffic: [String: GatewayReport.Traffic] {
        let second = self.second
        return state.withLock { $0.traffic }.mapValues { $0.report(second: second) }
    }

    private var second: Int { Int((ContinuousClock.now - start) / .seconds(1)) }
}
