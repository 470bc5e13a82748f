@testable import Files
import Checkpoints
import Digests
import Explanations
import Foundation
import GRDB
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane
@testable import Coordinator
@testable import LocalCluster

/// A cluster's state goes to another place and comes back.
@Suite struct BackupTests {
    private let folder = try! TemporaryFolder()
    private var cluster: ClusterFolder { ClusterFolder(root: folder.url.appending(path: "cluster")) }
    private var data: URL { cluster.data(of: NodeName.coordinator) }
    private var target: URL { folder.url.appending(path: "backup") }

    /// A coordinator's folder with one version and its two contents, and one content more.
    @discardableResult
    private func makeCluster(version number: Int = 1) async throws -> StoredVersion {
        try cluster.create()
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        let store = try ContentStore(root: CoordinatorFolder(data).store)
        let model = try store.put(Array("model \(number)".utf8))
        let manifest = try store.put(Array("manifest \(number)".utf8))
        _ = try store.put(Array("shard".utf8))
        var details = Manifest.example()
        details.files[0].digest = model
        details.files[0].bytes = try store.size(of: model)
        let version = StoredVersion(
            name: "digits", version: number, manifest: manifest, details: details,
            gate: .init(passed: true, figures: []), registered: Date(timeIntervalSince1970: 1_800_000_000))
        let state = try StateStore(file: CoordinatorFolder(data).state)
        try await state.apply([.version(version)])
        try state.close()
        return version
    }

    private func versions() async throws -> [StoredVersion] {
        let state = try StateStore(file: CoordinatorFolder(data).state)
        defer { try? state.close() }
        return try await state.load().versions
    }

    @Test func whatIsBackedUpIsPutBack() async throws {
        let first = try await makeCluster()
        let summary = try await cluster.backUp(to: target)
        #expect(summary.versions == 1 && summary.contents == 3)
        _ = try await makeCluster(version: 2)
        #expect(try await versions().map(\.version) == [1, 2])

        let (restored, replaced) = try await cluster.restore(BackupFolder(target))
        #expect(restored == summary)
        #expect(try await versions() == [first])
        let store = try ContentStore(root: CoordinatorFolder(data).store)
        try store.verify(first.manifest)
        #expect(try store.contents().count == 3)
        let kept = try #require(replaced)
        #expect(try ContentStore(root: CoordinatorFolder(kept).store).contents().count == 5)
    }

    /// The machine is gone, the backup is not.
    @Test func itIsPutWhereNothingWas() async throws {
        let first = try await makeCluster()
        _ = try await cluster.backUp(to: target)
        try FileManager.default.removeItem(at: cluster.root)
        try cluster.create()
        let (_, replaced) = try await cluster.restore(BackupFolder(target))
        #expect(replaced == nil)
        #expect(try await versions() == [first])
    }

    /// Contents of the copy are files of their own: what happens to the original happens to the original alone.
    @Test func aBackupSharesNothingWithTheOriginal() async throws {
        let first = try await makeCluster()
        _ = try await cluster.backUp(to: target)
        let original = try ContentStore(root: CoordinatorFolder(data).store).url(of: first.manifest)
        let handle = try FileHandle(forWritingTo: original)
        try handle.write(contentsOf: Data("M".utf8))
        try handle.close()
        #expect(try BackupFolder(target).verify().versions == 1)
        let other = folder.url.appending(path: "other")
        await #expect(throws: BackupError.self) { try await cluster.backUp(to: other) }
        #expect(!FileManager.default.fileExists(atPath: other.path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).filter { $0.hasPrefix("backup") } == [])
    }

    /// All that a folder holds is asked for, at any depth: what cannot be is named.
    @Test func aFolderIsBroughtToTheDisk() throws {
        let inner = folder.url.appending(path: "outer/inner")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        try Data("bytes".utf8).write(to: inner.appending(path: "file"))
        try DurableFile.synchronize(allOf: folder.url)
        // Leads nowhere, so it cannot be opened.
        let link = inner.appending(path: "link")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "nothing")
        #expect(throws: SystemCallError.self) { try DurableFile.synchronize(allOf: folder.url) }
    }

    @Test func aDamagedBackupIsNotPutBack() async throws {
        let first = try await makeCluster()
        _ = try await cluster.backUp(to: target)
        let copy = try ContentStore(root: CoordinatorFolder(target).store)
        try Data("damaged".utf8).write(to: copy.url(of: first.manifest))
        let damaged = await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(target)) }
        #expect(damaged?.description.contains("\(first.manifest)") == true)
        try copy.remove(first.manifest)
        let missing = await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(target)) }
        #expect(missing?.description.contains("content \(first.manifest) is missing: digits:1") == true)
        #expect(try await versions() == [first])
    }

    /// All of what is wrong, who needs it and what to do, in the words of who asked: no passing copy is named.
    @Test func whatTheStoreLacksIsNamed() async throws {
        let version = try await makeCluster()
        let store = try ContentStore(root: CoordinatorFolder(data).store)
        let model = version.details.files[0].digest
        try store.remove(version.manifest)
        try Data("Model 1".utf8).write(to: store.url(of: model))
        let unneeded = ContentDigest(of: Array("shard".utf8))
        try Data().write(to: store.url(of: unneeded))
        #expect(try BackupFolder(data, ofCluster: data).gaps().map(\.digest).contains(version.manifest))
        let error = await #expect(throws: BackupError.self) { try await cluster.backUp(to: target) }
        let text = error?.description ?? ""
        for part in [
            data.path, "content \(version.manifest) is missing: digits:1 cannot do without it",
            "content \(model) is damaged: digits:1", "content \(unneeded) is damaged: nothing needs it", "martlet gc",
            "train again",
        ] { #expect(text.contains(part), "\(text)") }
        #expect(!text.contains("backup-") && !text.contains(".partial"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    @Test func whatIsNoContentIsLeftOut() async throws {
        try await makeCluster()
        let objects = CoordinatorFolder(data).store.appending(path: "objects")
        try Data("stray".utf8).write(to: objects.appending(path: "stray"))
        try #require(mkfifo(objects.appending(path: "pipe").path, 0o600) == 0)
        #expect(try await cluster.backUp(to: target).contents == 3)
        try Data("stray".utf8).write(to: CoordinatorFolder(target).store.appending(path: "objects/stray"))
        let (summary, _) = try await cluster.restore(BackupFolder(target))
        #expect(summary.contents == 3)
        #expect(!FileManager.default.fileExists(atPath: objects.appending(path: "stray").path))
    }

    /// What fails on the way back is no backup.
    @Test func aRestoreThatFailsIsCalledSo() async throws {
        try await makeCluster()
        _ = try await cluster.backUp(to: target)
        let error = #expect(throws: (any Error).self) {
            try BackupFolder(target).copy(to: URL(filePath: "/proc/b"))
        }
        #expect("\(error.map(\.explanation) ?? "")".hasPrefix("the restore from \(target.path) failed: "))
    }

    @Test func aTargetThatWouldBeLostIsRefused() async throws {
        try await makeCluster()
        let link = folder.url.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: data)
        for place in [data.appending(path: "b"), cluster.root.appending(path: "b"), link.appending(path: "b")] {
            await #expect(throws: BackupError.targetInside(place.path, folder: cluster.root.path)) {
                try await cluster.backUp(to: place)
            }
        }
        let dangling = folder.url.appending(path: "dangling")
        try FileManager.default.createSymbolicLink(at: dangling, withDestinationURL: folder.url.appending(path: "no"))
        await #expect(throws: BackupError.targetExists(dangling.path)) { try await cluster.backUp(to: dangling) }
    }

    @Test func whatIsNoBackupIsSaidSo() async throws {
        await #expect(throws: BackupError.nothingToBackUp(folder: data.path)) { try await cluster.backUp(to: target) }
        try await makeCluster()
        let nothing = folder.url.appending(path: "nothing")
        await #expect(throws: BackupError.notThere(nothing.path)) {
            try await cluster.restore(BackupFolder(nothing))
        }
        await #expect(throws: BackupError.notABackup(folder.url.path, missing: "store")) {
            try await cluster.restore(BackupFolder(folder.url))
        }
        _ = try await cluster.backUp(to: target)
        await #expect(throws: BackupError.targetExists(target.path)) { try await cluster.backUp(to: target) }
        try Data("garbage, as long as a header of a database would be, and longer still, to be sure".utf8)
            .write(to: CoordinatorFolder(target).state)
        await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(target)) }
    }

    /// Which file of the folder that was named, and what to do; no passing copy.
    /// Something else in the place of a part of it, which none waits for.
    @Test(arguments: ["state.sqlite", "identity.json", "store"])
    func whatIsNoPartOfABackupIsNamed(part: String) async throws {
        let first = try await makeCluster()
        _ = try await cluster.backUp(to: target)
        let place = target.appending(path: part)
        try FileManager.default.removeItem(at: place)
        try #require(mkfifo(place.path, 0o600) == 0)
        let error = await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(target)) }
        let expected = part == "store" ? "a folder" : "a file"
        #expect(
            error?.description
                == "\(place.path) is damaged, or nothing that martlet wrote, and was left alone: it is a pipe, expected "
                + "\(expected); take another backup")
        #expect(try await versions() == [first])
    }

    /// What else lies there is not put back.
    @Test func strangersStayWhereTheyAre() async throws {
        try await makeCluster()
        _ = try await cluster.backUp(to: target)
        try #require(mkfifo(target.appending(path: "other").path, 0o600) == 0)
        _ = try await cluster.restore(BackupFolder(target))
        #expect(!FileManager.default.fileExists(atPath: data.appending(path: "other").path))
    }

    /// Each of several at once is made or refused in words.
    @Test func severalAtOnce() async throws {
        try await makeCluster()
        let summaries = try await withThrowingTaskGroup(of: BackupSummary.self) { group in
            for number in 0..<3 {
                group.addTask { [cluster, folder] in
                    try await cluster.whileNoOtherBackup {
                        try await cluster.backUp(to: folder.url.appending(path: "backup-\(number)"))
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(summaries.map(\.contents) == [3, 3, 3])
    }

    @Test func theFileThatIsDamagedIsNamed() async throws {
        let first = try await makeCluster()
        _ = try await cluster.backUp(to: target)
        let state = CoordinatorFolder(target).state
        let identity = IdentityFile(in: target).url
        let other = folder.url.appending(path: "other.sqlite")
        try await DatabaseQueue(path: other.path).write { try $0.execute(sql: "CREATE TABLE notes (text)") }
        let sound = try Data(contentsOf: state)
        var broken = sound
        broken.replaceSubrange(4096..<8192, with: Data(repeating: 7, count: 4096))
        let states = [
            (broken, "Page 2"), (Data("no database".utf8) + Data(count: 4096), "file is not a database"),
            (try Data(contentsOf: other), "holds no state of a cluster"),
        ]
        func refusal() async -> String {
            let error = await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(target)) }
            return error?.description ?? ""
        }
        for (bytes, reason) in states {
            for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: state.path + ending) }
            try bytes.write(to: state)
            let text = await refusal()
            #expect(text.hasPrefix("\(state.path) is damaged, or nothing that martlet wrote"), "\(text)")
            #expect(text.contains(reason) && text.hasSuffix("; take another backup"), "\(text)")
        }
        try sound.write(to: state)
        try Data("{}".utf8).write(to: identity)
        let text = await refusal()
        #expect(text.hasPrefix("\(identity.path) is damaged, or nothing that martlet wrote"), "\(text)")
        #expect(!text.contains(".partial") && text.hasSuffix("; take another backup"), "\(text)")
        #expect(try await versions() == [first])
    }

    /// Killed between its two renames.
    @Test func aRestoreThatWasCutOffIsFinished() async throws {
        let first = try await makeCluster()
        _ = try await cluster.backUp(to: target)
        _ = try await makeCluster(version: 2)
        let nodes = data.deletingLastPathComponent()
        let files = FileManager.default
        try files.copyItem(at: target, to: nodes.appending(path: "coordinator.restored"))
        #expect(try cluster.finishRestore() == false)
        #expect(try await versions().count == 2)
        try files.moveItem(at: data, to: nodes.appending(path: "coordinator.replaced-1"))
        #expect(try cluster.finishRestore())
        #expect(try await versions() == [first])

        // Nothing is lost by another restore after it either, not even one that fails.
        try files.moveItem(at: data, to: nodes.appending(path: "coordinator.restored"))
        await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(folder.url)) }
        #expect(try await versions() == [first])
    }

    /// An empty folder would be taken for that of a new cluster.
    @Test func aRestoreThatFailsLeavesNoFolder() async throws {
        try cluster.create()
        await #expect(throws: BackupError.self) { try await cluster.restore(BackupFolder(target)) }
        #expect(!FileManager.default.fileExists(atPath: data.path))
    }

    @Test func aTargetThatCannotBeMadeIsNamed() async throws {
        try await makeCluster()
        let orphan = folder.url.appending(path: "no/backup")
        await #expect(throws: BackupError.noParent(orphan.path)) { try await cluster.backUp(to: orphan) }
        #expect(!FileManager.default.fileExists(atPath: orphan.deletingLastPathComponent().path))
        let error = await #expect(throws: BackupError.self) { try await cluster.backUp(to: URL(filePath: "/proc/b")) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("the backup to /proc/b failed: "), "\(text)")
    }

    @Test func aStateThatIsGoneIsSeen() async throws {
        #expect(!CoordinatorFolder(data).lacksState)
        try await makeCluster()
        #expect(!CoordinatorFolder(data).lacksState)
        try FileManager.default.removeItem(at: CoordinatorFolder(data).state)
        #expect(CoordinatorFolder(data).lacksState)
    }

    @Test func aRunningCoordinatorIsNotReplaced() async throws {
        try await makeCluster()
        _ = try await cluster.backUp(to: target)
        try await FileLock.hold(CoordinatorFolder(data).lock, busy: CancellationError()) {
            _ = await #expect(throws: BackupError.coordinatorRuns(folder: data.path)) {
                try await cluster.restore(BackupFolder(target))
            }
        }
    }

    /// Of a coordinator that runs, by way of a snapshot beside its state, which it removes if nobody came for it.
    @Test func aRunningCoordinatorIsBackedUp() async throws {
        let cluster = try TestCluster()
        let worker = try TestNode("worker-0", .worker, in: cluster)
        let target = target
        let id = try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "name: digits")
                let assignment = try await worker.assignment(generation: 1)
                let checkpoint = TestCheckpoint(step: 1)
                try await checkpoint.commit(assignment, by: [worker])
                try await worker.control.call(checkpoint.finished(assignment))
                let backup = try await client.backUp()
                #expect(backup.summary.versions == 1 && backup.summary.jobs == 1)
                let snapshot = URL(filePath: backup.folder)
                let copied = try BackupFolder(snapshot, ofCluster: snapshot).copy(to: target)
                #expect(copied.cluster == backup.summary.cluster)
                let again = try await client.backUp()
                #expect(!FileManager.default.fileExists(atPath: backup.folder))
                #expect(FileManager.default.fileExists(atPath: again.folder))
                return try await client.status().clusterID
            }
        }
        #expect(try BackupFolder(target).verify().cluster == id)
        try await cluster.withCoordinator { _ in }
        let left = try FileManager.default.contentsOfDirectory(atPath: cluster.configuration.data.path)
        #expect(!left.contains { $0.hasPrefix("backup") })
    }
}
