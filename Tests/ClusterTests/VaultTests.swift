import Checkpoints
import Digests
import Foundation
import NeuralNetworks
import Testing
import Training

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

    /// Told before anything is scheduled, with both sides' names.
    @Test func aBaseThatDoesNotFitIsRefused() throws {
        try withVault { vault in
            var model = ModelSpecification(family: .linear, task: .regression, input: [2], outputs: 1)
            #expect(try vault.store.put(baseOf: model) == nil)

            let missing = folder.url.appending(path: "nothing.safetensors").path
            model.base = missing
            #expect(throws: StartingPointError.self) { try vault.store.put(baseOf: model) }

            // DistributedDataParallel puts `module.` in front of every name.
            for (name, shape, fits) in [
                ("0.weight", [1, 2], true), ("module.0.weight", [1, 2], true), ("0.weight", [1, 3], false),
                ("w", [1, 2], false),
            ] {
                let layout = try SafetensorsLayout(tensors: [(name, .float32, shape)])
                let bytes = layout.bytes(of: 0..<layout.byteCount) { _, _, target in
                    target.initializeMemory(as: UInt8.self, repeating: 0)
                }
                let file = folder.url.appending(path: "base.safetensors")
                try Data(bytes).write(to: file)
                model.base = file.path
                let start = try #require(try vault.store.put(baseOf: model))
                #expect(vault.store.contains(start.model))
                if fits {
                    #expect(
                        try start.checked(model, in: vault.store).misfit
                            == "model.base: of \(file.path) 1 of 2 parameters are taken over; not there and begun anew: "
                            + "0.bias")
                } else {
                    let error = #expect(throws: StartingPointError.self) {
                        try start.checked(model, in: vault.store)
                    }
                    #expect(error?.description.contains("0.weight") == true, "\(String(describing: error))")
                }
            }
        }
    }

    private func withVault(_ body: (Vault) throws -> Void) throws {
        let vault = try Vault(root: folder.url.appending(path: "store"), chunkLimit: 4, jobLimit: 1)
        defer { vault.close() }
        try body(vault)
    }
}
