import Checkpoints
import Foundation

/// A store in a folder of its own, removed with the last reference. `reopened()` is what a new process would open after
/// this one was killed.
final class TemporaryStore {
    let root = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    let store: ContentStore

    init(limits: ContentStore.Limits = .init()) throws {
        store = try ContentStore(root: root, limits: limits)
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    func reopened() throws -> ContentStore {
        try ContentStore(root: root)
    }

    /// Names under `staging/`.
    func staged() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "staging").path)
    }
}
