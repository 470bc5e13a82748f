import Checkpoints
import Digests
import Foundation
import Testing

@testable import Cluster

@Suite struct VaultTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func sweepRemovesWhatNothingRefersTo() throws {
        try withVault { vault in
            let kept = try vault.store.put(Array("kept".utf8))
            let orphan = try vault.store.put(Array("orphan".utf8))
            try vault.sweep(keeping: [kept], generations: [])
            #expect(vault.store.contains(kept))
            #expect(!vault.store.contains(orphan))
        }
    }

    /// A crash may have come between storing a checkpoint's files and recording them.
    @Test func sweepLeavesContentAloneWhileAGenerationRuns() throws {
        try withVault { vault in
            let unrecorded = try vault.store.put(Array("stored, not yet recorded".utf8))
            try vault.sweep(keeping: [], generations: [3])
            #expect(vault.store.contains(unrecorded))
        }
    }

    @Test func sweepAbandonsUploadsOfGenerationsThatAreOver() throws {
        try withVault { vault in
            for id in ["g3-upload", "g4-upload"] { try vault.store.beginUpload(id, total: 8) }
            try vault.sweep(keeping: [], generations: [4])
            #expect(try vault.store.uploads() == ["g4-upload"])
        }
    }

    private func withVault(_ body: (Vault) throws -> Void) throws {
        let vault = try Vault(root: folder.url.appending(path: "store"), chunkLimit: 4, jobLimit: 1)
        defer { vault.close() }
        try body(vault)
    }
}
