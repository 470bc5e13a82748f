import ClusterProtocol
import Digests
import Serving
import Synchronization

/// How each version on this node stands, for heartbeats and for what is told in between. Changes are numbered where they
/// are made, so that the coordinator knows which of two reports is the newer one, in whatever order they come.
final class ReplicaBook: Sendable {
    private struct State {
        var reports: [ModelKey: ReplicaReport] = [:]
        var revision: UInt64 = 0
    }

    private let book = Mutex(State())

    /// All of them, in order of model and version.
    func report(load: InferenceLoad) -> InferenceReport {
        book.withLock { state in
            InferenceReport(
                replicas: state.reports.values.sorted { ($0.model, $0.version) < ($1.model, $1.version) }, load: load,
                revision: state.revision)
        }
    }

    /// Returns the report with its number.
    func note(_ report: ReplicaReport, of key: ModelKey) -> ReplicaReport {
        book.withLock { state in
            state.revision += 1
            var report = report
            report.revision = state.revision
            state.reports[key] = report
            return report
        }
    }

    func forget(_ key: ModelKey) {
        book.withLock { state in
            state.revision += 1
            state.reports[key] = nil
        }
    }

    func isReady(_ key: ModelKey, manifest: ContentDigest) -> Bool {
        book.withLock { $0.reports[key].map { $0.state == .ready && $0.manifest == manifest } ?? false }
    }
}
