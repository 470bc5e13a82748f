import JobProtocol
import ClusterProtocol
import Checkpoints
import Datasets
import Digests
import Foundation
import NeuralNetworks
import Testing
import Training
import Wire

@testable import ControlPlane
@testable import Coordinator

@Suite struct VaultTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func sweepRemovesWhatNothingRefersTo() throws {
        try withVault { vault in
            let kept = try vault.store.put(Array("kept".utf8))
            let orphan = try vault.store.put(Array("orphan".utf8))
            #expect(try vault.sweep(keeping: [kept], generations: []).isEmpty)
            #expect(vault.store.contains(kept))
            #expect(!vault.store.contains(orphan))
        }
    }

    /// One entry that is no content costs only itself.
    @Test func sweepGoesPastWhatIsNoContent() throws {
        try withVault { vault in
            let kept = try vault.store.put(Array("kept".utf8))
            let orphan = try vault.store.put(Array("orphan".utf8))
            let folder = vault.store.url(of: ContentDigest(of: Array("folder".utf8)))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data().write(to: vault.store.root.appending(path: "objects/stray"))
            try Data().write(to: vault.store.root.appending(path: "notes"))
            let obstacles = try vault.sweep(keeping: [kept], generations: [])
            #expect(obstacles.count == 3)
            #expect(obstacles.contains { "\($0)".contains("notes") })
            #expect(try vault.store.contents() == [kept])
            #expect(!vault.store.contains(orphan))
        }
    }

    /// A crash may have come between storing a checkpoint's files and recording them.
    @Test func sweepLeavesContentAloneWhileAGenerationRuns() throws {
        try withVault { vault in
            let unrecorded = try vault.store.put(Array("stored, not yet recorded".utf8))
            #expect(try vault.sweep(keeping: [], generations: [3]).isEmpty)
            #expect(vault.store.contains(unrecorded))
        }
    }

    @Test func sweepAbandonsUploadsOfGenerationsThatAreOver() throws {
        try withVault { vault in
            for id in ["g3-upload", "g4-upload"] { try vault.store.beginUpload(id, total: 8) }
            #expect(try vault.sweep(keeping: [], generations: [4]).isEmpty)
            #expect(try vault.store.uploads() == ["g4-upload"])
        }
    }

    private func commit(_ vault: Vault, _ checkpoint: TestCheckpoint) async throws {
        let upload = CheckpointUpload(
            job: "digits-1", generation: 1, checkpoint: checkpoint.reference, modelBytes: checkpoint.model.count,
            optimizerBytes: checkpoint.optimizer.count)
        try await withCheckedThrowingContinuation { continuation in
            vault.commit(upload) { continuation.resume(with: $0) }
        }
    }

    private func upload(_ vault: Vault, _ bytes: [UInt8]) throws {
        let id = "g1-\(ContentDigest(of: bytes))"
        try vault.store.beginUpload(id, total: bytes.count)
        try bytes.withUnsafeBytes { try vault.store.write(id, at: 0, $0) }
    }

    private func isThere(_ vault: Vault, _ bytes: [UInt8]) async -> Bool {
        await withCheckedContinuation { continuation in
            vault.read(.probe(of: ContentDigest(of: bytes))) { continuation.resume(returning: (try? $0.get()) != nil) }
        }
    }

    /// Half a file under the right name, or another one of the same length, is not what was uploaded.
    @Test func contentThatIsOnlyCalledSoIsWrittenAgain() async throws {
        let vault = try vault()
        defer { vault.close() }
        let checkpoint = TestCheckpoint(step: 1, modelBytes: 5000)
        let files = [checkpoint.model, checkpoint.optimizer]
        for damage in [Array(checkpoint.model.dropLast(7)), checkpoint.model.map { ~$0 }] {
            for bytes in files { try upload(vault, bytes) }
            let place = vault.store.url(of: checkpoint.reference.model)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(damage).write(to: place)
            #expect(await !isThere(vault, checkpoint.model))
            try await commit(vault, checkpoint)
            for bytes in files {
                try vault.store.verify(ContentDigest(of: bytes))
                #expect(await isThere(vault, bytes))
            }
            #expect(try vault.store.uploads() == [])
        }
        // Nothing is uploaded of what is there whole.
        try await commit(vault, checkpoint)
    }

    @Test func contentIsStoredInThePlaceOfAnythingElse() async throws {
        let vault = try vault()
        defer { vault.close() }
        let checkpoint = TestCheckpoint(step: 1, modelBytes: 5000)
        let place = vault.store.url(of: checkpoint.reference.model)
        for (name, isFolder) in [("", true), ("file", true), ("", false)] {
            try? FileManager.default.removeItem(at: place)
            try FileManager.default.createDirectory(
                at: isFolder ? place : place.deletingLastPathComponent(), withIntermediateDirectories: true)
            if !name.isEmpty { try Data().write(to: place.appending(path: name)) }
            if !isFolder { try #require(mkfifo(place.path, 0o600) == 0) }
            #expect(await !isThere(vault, checkpoint.model))
            for bytes in [checkpoint.model, checkpoint.optimizer] { try upload(vault, bytes) }
            try await commit(vault, checkpoint)
            try vault.store.verify(checkpoint.reference.model)
            #expect(await isThere(vault, checkpoint.model))
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
        let vault = try vault()
        defer { vault.close() }
        try body(vault)
    }

    private func vault(_ preparer: Preparer = .ownProcess) throws -> Vault {
        try Vault(root: folder.url.appending(path: "store"), chunkLimit: 4, jobLimit: 1, preparer: preparer)
    }

    private func job(rows: Int = 60) throws -> JobSpecification {
        let file = folder.url.appending(path: "data.csv")
        let lines = ["x,y,label"] + (0..<rows).map { "\($0 % 7),\($0 % 5),\(["a", "b", "c"][$0 % 3])" }
        try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        return JobSpecification.example(workers: 1, path: file.path)
    }

    private func prepare(_ vault: Vault, _ job: JobSpecification) async throws -> Preparation {
        try await withCheckedThrowingContinuation { continuation in
            vault.prepare("digits-1", job) { continuation.resume(with: $0) }
        }
    }

    private var leftovers: [String] {
        (try? FileManager.default.contentsOfDirectory(
            atPath: folder.url.appending(path: "store/preparation").path(percentEncoded: false))) ?? []
    }

    @Test func shardsOfAPreparationBecomeContent() async throws {
        let vault = try vault()
        defer { vault.close() }
        let preparation = try await prepare(vault, job())
        #expect(preparation.plan.rows == 60)
        for shard in preparation.plan.training + preparation.plan.test {
            try vault.store.verify(shard.digest)
            #expect(try vault.store.size(of: shard.digest) == shard.bytes)
        }
        #expect(leftovers == [])
        // The same shards again, while the first are there.
        #expect(try await prepare(vault, job()).plan == preparation.plan)
        for shard in preparation.plan.training { try vault.store.verify(shard.digest) }
        // And where a disk has made something else of them, or has lost them and the folders.
        let places = preparation.plan.training.map { vault.store.url(of: $0.digest) }
        try Data().write(to: places[0])
        try FileManager.default.removeItem(at: places[1])
        try FileManager.default.createDirectory(at: places[1], withIntermediateDirectories: true)
        for name in ["staging", "preparation"] {
            try? FileManager.default.removeItem(at: vault.store.root.appending(path: name))
        }
        _ = try await prepare(vault, job())
        for shard in preparation.plan.training + preparation.plan.test { try vault.store.verify(shard.digest) }
    }

    /// Another try may find room.
    @Test func aPreparationThatFindsNoRoomIsNoRefusal() async throws {
        let vault = try vault(.child(executable: "/bin/sh", arguments: ["-c", "exit 73"]))
        defer { vault.close() }
        let error = await #expect(throws: Failure.self) { try await prepare(vault, job()) }
        #expect(error?.code == .unavailable && vault.problem == "disk full")
        #expect(leftovers == [])
    }

    @Test func badDataIsRefusedAndLeavesNothing() async throws {
        let vault = try vault()
        defer { vault.close() }
        let error = await #expect(throws: PreparationRefused.self) { try await prepare(vault, job(rows: 0)) }
        #expect(error?.description.contains("data.csv") == true)
        #expect(leftovers == [])
        #expect(try vault.store.contents() == [])
    }

    /// A hand-made specification was checked by no job file.
    @Test func aModelThatCannotBeBuiltIsRefused() async throws {
        let vault = try vault()
        defer { vault.close() }
        var specification = try job()
        specification.model = ModelSpecification(family: .sequential, task: .classification, input: [2], outputs: 2)
        let bare = specification
        let error = await #expect(throws: PreparationRefused.self) { try await prepare(vault, bare) }
        #expect(
            error?.description
                == "model: no network can be built from it: no layer has parameters to learn; add one that has, such as "
                + "linear")
        #expect(leftovers == [])
    }

    /// Whatever the child does, this process goes on, and nothing is left of it.
    @Test(arguments: [
        ("kill -9 $$", "its process was ended by signal 9"), ("exit 3", "its process ended with status 3"),
        ("echo no memory >&2; kill -6 $$", "its process was ended by signal 6: no memory"),
        ("exit 0", "it left no result"),
    ])
    func aPreparationMayDie(script: String, reason: String) async throws {
        let vault = try vault(.child(executable: "/bin/sh", arguments: ["-c", "touch half; \(script)"]))
        defer { vault.close() }
        let error = await #expect(throws: PreparationDied.self) { try await prepare(vault, job()) }
        #expect(error?.description == reason)
        #expect(leftovers == [])
    }

    @Test func aPreparationIsStopped() async throws {
        let vault = try vault(.child(executable: "/bin/sh", arguments: ["-c", "exec sleep 1000"]))
        defer { vault.close() }
        let job = try job()
        let preparation = Task { try await prepare(vault, job) }
        try await eventually("the preparation has begun") { leftovers == ["digits-1"] }
        vault.stopPreparation("another-1")
        vault.stopPreparation("digits-1")
        let error = await #expect(throws: PreparationDied.self) { try await preparation.value }
        #expect(error?.description == "it was stopped")
    }

    /// A coordinator that was killed left a preparation half done.
    @Test func whatACrashLeftIsRemovedAtTheStart() throws {
        let half = folder.url.appending(path: "store/preparation/digits-1/shards/objects/ab")
        try FileManager.default.createDirectory(at: half, withIntermediateDirectories: true)
        try withVault { _ in #expect(leftovers == []) }
    }
}
