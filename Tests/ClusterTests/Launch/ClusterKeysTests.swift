import Foundation
import Messaging
import Testing
import Wire

@testable import LocalCluster

@Suite struct ClusterKeysTests {
    private let nodes: [(name: String, role: Role)] = [("worker-0", .worker), ("worker-1", .worker)]

    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// A key is replaced by removing its file: the next `up` makes another, and the keyring knows only that one.
    @Test func aRemovedKeyIsReplaced() throws {
        try inFolder { folder in
            let before = try ClusterKeys.prepare(nodes, in: folder)
            let same = try ClusterKeys.prepare(nodes, in: folder)
            #expect(same == before)
            try FileManager.default.removeItem(at: ClusterFolder.key(of: "worker-1", in: folder))
            _ = try ClusterKeys.prepare(nodes, in: folder)
            let after = try Keyring(contentsOf: ClusterFolder.keyring(in: folder))
            #expect(after.key(of: "worker-0") == before.key(of: "worker-0"))
            let old = try #require(before.key(of: "worker-1"))
            #expect(after.key(of: "worker-1") != old)
            #expect(after.entry(for: old) == nil)
        }
    }

    /// A node that is no longer in the cluster file is no longer let in, although its key file stays.
    @Test func aNodeThatIsGoneIsLockedOut() throws {
        try inFolder { folder in
            let before = try ClusterKeys.prepare(nodes, in: folder)
            let after = try ClusterKeys.prepare(Array(nodes.prefix(1)), in: folder)
            let gone = try #require(before.key(of: "worker-1"))
            #expect(after.entry(for: gone) == nil && after.key(of: "worker-1") == nil)
        }
    }
}
