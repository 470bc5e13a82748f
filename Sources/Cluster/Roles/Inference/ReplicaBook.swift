import Digests
import Serving
import Synchronization

/// How each version on this node stands, for heartbeats.
final class ReplicaBook: Sendable {
    private let book = Mutex<[ModelKey: ReplicaReport]>([:])

    /// In order of model and version.
    var reports: [ReplicaReport] {
        book.withLock { $0.values.sorted { ($0.model, $0.version) < ($1.model, $1.version) } }
    }

    func note(_ report: ReplicaReport, of key: ModelKey) {
        book.withLock { $0[key] = report }
    }

    func forget(_ key: ModelKey) {
        book.withLock { $0[key] = nil }
    }

    func isReady(_ key: ModelKey, manifest: ContentDigest) -> Bool {
        book.withLock { $0[key].map { $0.state == .ready && $0.manifest == manifest } ?? false }
    }
}
