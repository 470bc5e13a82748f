import Cluster
import Foundation
import Synchronization

/// What the gateway counts. One lock, held for the addition alone.
///
/// Versions in the routing table are told apart. What no longer is there is added up under a name for the rest, so that
/// the series stay about as few as what is served, and no sum of them ever falls.
final class GatewayMetrics: Sendable {
    /// Upper bounds in seconds.
    static let bounds: [Double] = [
        0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    struct Label: Hashable, Comparable {
        var model: String
        var version: String

        /// Stand for the versions of a model that are no longer served, and for models of which none is. No version
        /// and no model has such a name.
        static let otherVersions = "other"
        static let otherModels = "(other)"

        static func < (left: Label, right: Label) -> Bool {
            (left.model, left.version) < (right.model, right.version)
        }
    }

    struct Durations: Equatable {
        var count: UInt64 = 0
        var nanoseconds: UInt64 = 0

        mutating func add(microseconds: Int) {
            count += 1
            nanoseconds += UInt64(max(0, microseconds)) * 1000
        }

        mutating func add(_ other: Durations) {
            count += other.count
            nanoseconds += other.nanoseconds
        }
    }

    struct Series {
        /// Rows of the requests that got an answer.
        var rows: UInt64 = 0
        var succeeded = Durations()
        var failed = Durations()
        /// When the last answer was ready, in milliseconds since 1970; 0: there was none.
        var lastSuccess = 0
        var statuses: [Int: UInt64] = [:]
        /// Not cumulative; the last counts what is beyond all bounds.
        var buckets = [UInt64](repeating: 0, count: bounds.count + 1)
        var seconds = 0.0

        var count: UInt64 { buckets.reduce(0, +) }

        mutating func record(status: Int, microseconds: Int, rows: Int, at now: Int) {
            statuses[status, default: 0] += 1
            let seconds = Double(microseconds) / 1e6
            buckets[GatewayMetrics.bounds.firstIndex { seconds <= $0 } ?? GatewayMetrics.bounds.count] += 1
            self.seconds += seconds
            if status < 400 {
                succeeded.add(microseconds: microseconds)
                self.rows += UInt64(rows)
                lastSuccess = now
            } else {
                failed.add(microseconds: microseconds)
            }
        }

        mutating func add(_ other: Series) {
            rows += other.rows
            succeeded.add(other.succeeded)
            failed.add(other.failed)
            lastSuccess = max(lastSuccess, other.lastSuccess)
            statuses.merge(other.statuses, uniquingKeysWith: +)
            for index in buckets.indices { buckets[index] += other.buckets[index] }
            seconds += other.seconds
        }
    }

    struct RouteStatus: Hashable, Comparable {
        var route: String
        var status: Int

        static func < (left: RouteStatus, right: RouteStatus) -> Bool {
            (left.route, left.status) < (right.route, right.status)
        }
    }

    struct State {
        var series: [Label: Series] = [:]
        var traffic: [String: TrafficWindow] = [:]
        /// Answers that name no model, by status.
        var otherStatuses: [Int: UInt64] = [:]
        /// All answers.
        var routes: [RouteStatus: UInt64] = [:]
        var queueRefusals: UInt64 = 0
        var gatewayRefusals: UInt64 = 0
        var brokenStreams: UInt64 = 0
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Counts one answered inference request. `model` and `version` come from the routing table, never from a caller.
    func record(_ label: Label, status: Int, elapsed: Duration, rows: Int = 0) {
        let microseconds = Int(elapsed / .microseconds(1))
        let now = Self.millisecondsSince1970
        let second = self.second
        state.withLock { state in
            state.series[label, default: Series()].record(
                status: status, microseconds: microseconds, rows: rows, at: now)
            state.traffic[label.model, default: TrafficWindow()].record(
                second: second, microseconds: microseconds, isError: status >= 400)
            if status == 503 { state.queueRefusals += 1 }
        }
    }

    /// Tells apart what this table has, and no longer what it does not have. A request that was under way meanwhile is
    /// counted as what it was until the next table.
    func follow(_ routes: [RoutingTable.Route]) {
        let served = Set(routes.map { Label(model: $0.model, version: String($0.version)) })
        let models = Set(routes.map(\.model))
        state.withLock { state in
            for (label, series) in state.series where !served.contains(label) {
                let rest = Label(
                    model: models.contains(label.model) ? label.model : Label.otherModels,
                    version: Label.otherVersions)
                guard label != rest else { continue }
                state.series[label] = nil
                state.series[rest, default: Series()].add(series)
            }
            state.traffic = state.traffic.filter { models.contains($0.key) }
        }
    }

    /// Counts an answer that belongs to no model.
    func record(status: Int) {
        state.withLock { $0.otherStatuses[status, default: 0] += 1 }
    }

    /// Counts an answer of a route, by a name that no caller chooses.
    func record(route: String, status: Int) {
        state.withLock { $0.routes[RouteStatus(route: route, status: status), default: 0] += 1 }
    }

    /// Counts an answer that broke off when some of it had left.
    func recordBrokenStream() {
        state.withLock { $0.brokenStreams += 1 }
    }

    /// Counts a request refused because the gateway itself was full.
    func recordRefusal() {
        state.withLock { $0.gatewayRefusals += 1 }
    }

    /// The time of day, which is for people.
    private static var millisecondsSince1970: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    var snapshot: State { state.withLock { $0 } }

    /// The last ten seconds by model.
    var traffic: [String: GatewayReport.Traffic] {
        let second = self.second
        return state.withLock { $0.traffic }.mapValues { $0.report(second: second) }
    }

    private var second: Int { Int((ContinuousClock.now - start) / .seconds(1)) }
}
