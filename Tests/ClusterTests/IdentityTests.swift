import Checkpoints
import Digests
import Foundation
import GRDB
import Messaging
import Testing
import Wire

@testable import ControlPlane
@testable import Coordinator

/// A state that is not the one the folder belongs to is never taken for a new cluster.
@Suite struct IdentityTests {
    private let folder = try! TemporaryFolder()
    private var file: URL { folder.url.appending(path: "state.sqlite") }
    private var identity: URL { folder.url.appending(path: "identity.json") }

    private func make() throws -> String {
        let store = try StateStore(file: file)
        try store.close()
        return store.clusterID
    }

    /// What SQLite finds when a log was cut off into which everything had gone so far: a file without tables.
    private func cutOffTheLog() throws {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
        let empty = try DatabasePool(path: file.path)
        try empty.close()
    }

    /// SQLite would wait for a pipe without end, and say of a folder that the disk fails.
    @Test(arguments: ["", "-wal", "-shm"], [S_IFIFO, S_IFDIR])
    func whatStandsInThePlaceOfAFile(ending: String, kind: mode_t) throws {
        _ = try make()
        let path = file.path + ending
        try? FileManager.default.removeItem(atPath: path)
        #expect((kind == S_IFIFO ? mkfifo(path, 0o600) : mkdir(path, 0o700)) == 0)
        let what = kind == S_IFIFO ? "a pipe" : "a folder"
        let name = ending.isEmpty ? "it" : "state.sqlite\(ending)"
        let obstacle = StateObstacle.noFile("\(name) is \(what), expected a file")
        #expect(throws: StateError.obstructed(file: file.path, obstacle)) { try StateStore(file: file) }
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "store"), withIntermediateDirectories: true)
        let backup = #expect(throws: BackupError.self) {
            try BackupFolder(folder.url, ofCluster: folder.url).gaps()
        }
        #expect("\(try #require(backup))".hasSuffix("\(obstacle.words)"))
    }

    @Test func theLogThatWasCutOffIsSeenAndTheWayBackNamed() throws {
        let cluster = try make()
        try cutOffTheLog()
        let before = try Data(contentsOf: file)
        let error = #expect(throws: StateError.self) { try StateStore(file: file) }
        #expect(error == .lostIdentity(file: file.path, recorded: cluster, found: nil))
        #expect(error?.description.contains("martlet cluster restore -f FILE BACKUP") == true)
        #expect(try Data(contentsOf: file) == before)
        #expect(try IdentityFile(in: folder.url).read() == cluster)
    }

    @Test func aMissingDatabaseIsNotMadeAnew() throws {
        let cluster = try make()
        try FileManager.default.removeItem(at: file)
        #expect(throws: StateError.lostIdentity(file: file.path, recorded: cluster, found: nil)) {
            try StateStore(file: file)
        }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func theDatabaseOfAnotherClusterIsRefused() throws {
        let first = try make()
        for path in [file.path, identity.path] { try FileManager.default.removeItem(atPath: path) }
        let second = try make()
        try IdentityFile(in: folder.url).write(first)
        #expect(throws: StateError.lostIdentity(file: file.path, recorded: first, found: second)) {
            try StateStore(file: file)
        }
    }

    @Test func aStoreWithContentsAndNoStateIsRefused() throws {
        #expect(throws: StateError.contentWithoutState(file: file.path)) {
            try StateStore(file: file, holdsContent: true)
        }
        try cutOffTheLog()
        #expect(throws: StateError.contentWithoutState(file: file.path)) {
            try StateStore(file: file, holdsContent: true)
        }
    }

    @Test func aFolderOfBeforeThereWereIdentityFilesIsTakenOver() throws {
        let cluster = try make()
        try FileManager.default.removeItem(at: identity)
        let store = try StateStore(file: file, holdsContent: true)
        #expect(store.clusterID == cluster)
        #expect(try IdentityFile(in: folder.url).read() == cluster)
    }

    @Test(arguments: ["", "{}", "{\"cluster\": \"\"}", "\u{0}\u{0}"])
    func aDamagedIdentityIsNoIdentity(_ text: String) throws {
        _ = try make()
        try Data(text.utf8).write(to: identity)
        #expect(throws: StateError.damagedIdentity(file: identity.path)) { try StateStore(file: file) }
    }

    @Test func aStateOfALaterVersionIsLeftAlone() async throws {
        _ = try make()
        let raw = try DatabaseQueue(path: file.path)
        try await raw.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')") }
        try raw.close()
        #expect(throws: StateError.newer(file: file.path)) { try StateStore(file: file) }
    }

    /// A page in the middle, of a table that nobody reads at the start.
    @Test func damageIsFoundWhenTheStateIsOpened() async throws {
        let store = try StateStore(file: file)
        try await store.apply((1...200).map { .trace(.example, job: "digits-\($0)") })
        try store.close()
        let bytes = try Data(contentsOf: file).count
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(bytes / 2 / 4096 * 4096))
        try handle.close()
        let error = #expect(throws: StateError.self) { try StateStore(file: file) }
        #expect(error?.description.contains("martlet cluster restore") == true)
    }

    @Test func theCoordinatorEndsBeforeItTouchesAnything() async throws {
        let cluster = try TestCluster()
        let kept = try await cluster.withCoordinator { _ in
            try ContentStore(root: cluster.configuration.storeFolder, keepingUploads: true).put([1, 2, 3])
        }
        let state = cluster.configuration.stateFile
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: state.path + suffix) }
        await #expect(throws: StateError.self) { try await cluster.withCoordinator { _ in } }
        #expect(try ContentStore(root: cluster.configuration.storeFolder, keepingUploads: true).contains(kept))
    }

    /// The state was begun anew on purpose. What nodes hold for the cluster before is not taken from them.
    @Test func aNodeOfAnotherClusterIsNotTakenIn() {
        var plane = ControlPlane(clusterID: "new", at: .start)
        var join = Join.example("inference-0", .inference)
        join.clusterID = "old"
        let peer = Peer.example("inference-0", .inference)
        let refused = plane.handle(
            .joined(join, protocolVersion: protocolVersion, from: peer, RequestID(1)), at: .start)
        #expect(refused.failure(of: RequestID(1))?.code == .permissionDenied)
        #expect(refused.failure(of: RequestID(1))?.message.contains("cluster old") == true)
        #expect(plane.membership.members.isEmpty && plane.deployment.nodes.isEmpty)
        join.clusterID = "new"
        let taken = plane.handle(
            .joined(join, protocolVersion: protocolVersion, from: peer, RequestID(2)), at: .start)
        #expect(taken.failure(of: RequestID(2)) == nil && plane.deployment.nodes.count == 1)
    }
}
