import Foundation
import GRDB
import Testing
import Training

@testable import JobProtocol
@testable import ControlPlane
@testable import Coordinator

@Suite struct StateStoreTests {
    private let folder = try! TemporaryFolder()
    private var file: URL { folder.url.appending(path: "state.sqlite") }

    private func job(_ number: Int, _ state: JobStatus.State, generation: UInt64 = 0) -> StoredJob {
        var job = Job(
            id: "digits-\(number)", number: number, specification: .example(), source: "name: digits",
            submitted: Date(timeIntervalSince1970: 1_800_000_000.123456)
        ).stored
        job.state = state
        job.generation = generation
        return job
    }

    @Test func everythingComesBackAsItWas() async throws {
        var scene = DeploymentScene()
        scene.addNode("inference-0")
        let version = scene.register()
        var changes = [StateChange.version(version)] + scene.serve(version).saves
        var running = job(1, .running, generation: 4)
        running.members = [Generation.Member(name: "worker-0", incarnation: .max, endpoint: "tcp://w:1", slices: 0..<4)]
        running.checkpoint = .example(step: 3)
        running.curve = [EpochRecord(epoch: 1, step: 3, trainingLoss: .nan, validationLoss: 0.1)]
        running.lastFailure = "worker-1 died"
        changes += [.job(running), .plan(.example(), job: running.id)]

        let store = try StateStore(file: file)
        try await store.apply(changes)
        try store.close()

        let again = try StateStore(file: file)
        #expect(again.clusterID == store.clusterID && !store.clusterID.isEmpty)
        let state = try await again.load()
        // NaN is unequal to itself.
        #expect(state.jobs.first?.curve.first?.trainingLoss.isNaN == true)
        #expect(state.jobs.map(\.members) == [running.members])
        #expect(state.jobs.map(\.checkpoint) == [running.checkpoint])
        #expect(state.jobs.map(\.submitted) == [running.submitted])
        #expect(state.plans == [running.id: .example()])
        #expect(state.versions == [version])
        #expect(state.aliases == [StoredAlias(name: "digits", alias: "production", version: 1, previous: nil)])
        #expect(state.routing == scene.deployment.routing)
        #expect(state.lastJobNumber == 1 && state.lastGeneration == 4)
        let promotions = try await again.promotions(of: "digits")
        #expect(promotions.map(\.operatorName) == ["ada"])
    }

    /// Numbers that were given are not given again, whether what has them is stored or not.
    @Test func countersNeverGoBack() async throws {
        let store = try StateStore(file: file)
        try await store.apply([.job(job(3, .finished, generation: 5))])
        try await store.apply([.number(7), .generation(9)])
        try await store.apply([.number(4), .job(job(2, .finished, generation: 1))])
        try store.close()
        let again = try StateStore(file: file)
        let state = try await again.load()
        #expect(state.lastJobNumber == 7)
        #expect(state.lastGeneration == 9)
        try await again.apply([.job(job(8, .finished, generation: 11))])
        #expect(try await again.load().lastJobNumber == 8)
        #expect(try await again.load().lastGeneration == 11)
    }

    @Test func whatReportsNeedComesBackAsItWas() async throws {
        var finished = job(1, .finished)
        finished.warnings = ["job.yaml:3:1: model.layers[0]: no activation"]
        finished.profile = true
        finished.data = DataSummary(of: .example())
        let store = try StateStore(file: file)
        try await store.apply([
            .job(finished), .evaluation(.example, job: "digits-1"), .trace(.example, job: "digits-1"),
        ])
        try store.close()

        let again = try StateStore(file: file)
        #expect(try await again.job("digits-1") == finished)
        #expect(try await again.evaluation(ofJob: "digits-1") == .example)
        #expect(try await again.trace(ofJob: "digits-1") == .example)
        #expect(try await again.evaluation(ofJob: "digits-2") == nil)
        #expect(try await again.trace(ofJob: "digits-2") == nil)
    }

    @Test func aStoreOfTheFirstVersionIsBroughtUpToDate() async throws {
        let store = try StateStore(file: file)
        try await store.apply([.job(job(1, .finished))])
        try store.close()
        // As it was before there were reports.
        let raw = try DatabaseQueue(path: file.path)
        try await raw.write { database in
            for column in ["warnings", "profile", "data", "start", "preparations", "failuresInAll"] {
                try database.execute(sql: "ALTER TABLE jobs DROP COLUMN \(column)")
            }
            try database.execute(sql: "DROP TABLE evaluations")
            try database.execute(sql: "DROP TABLE traces")
            try database.execute(sql: "DROP TABLE counters")
            try database.execute(sql: "DELETE FROM grdb_migrations WHERE identifier <> 'v1'")
        }
        try raw.close()

        let again = try StateStore(file: file)
        let old = try #require(await again.job("digits-1"))
        #expect(old.warnings == [] && !old.profile && old.data == nil && old.failuresInAll == 0)
        #expect(try await again.load().lastJobNumber == 1)
        try await again.apply([.evaluation(.example, job: "digits-1")])
        #expect(try await again.evaluation(ofJob: "digits-1") == .example)
    }

    @Test func jobsThatAreOverAreListedApart() async throws {
        let store = try StateStore(file: file)
        try await store.apply([
            .job(job(1, .finished, generation: 7)), .job(job(2, .waiting)), .job(job(3, .failed)),
            .job(job(4, .cancelled)),
        ])
        let state = try await store.load()
        #expect(state.jobs.map(\.number) == [2])
        #expect(state.lastJobNumber == 4 && state.lastGeneration == 7)
        let list = try await store.jobList(before: .max, limit: 2)
        #expect(list.jobs.map(\.number) == [4, 3] && list.total == 3)
        #expect(try await store.jobList(before: 3, limit: 9).jobs.map(\.number) == [1])
        #expect(try await store.job("digits-1")?.state == .finished)
        #expect(try await store.job("digits-9") == nil)
    }

    @Test func changingReplacesAndDroppingRemoves() async throws {
        let store = try StateStore(file: file)
        try await store.apply([.job(job(1, .waiting)), .plan(.example(), job: "digits-1")])
        try await store.apply([.job(job(1, .finished)), .dropPlan(job: "digits-1")])
        let state = try await store.load()
        #expect(state.jobs.isEmpty && state.plans.isEmpty)
        #expect(try await store.jobList(before: .max, limit: 9).jobs.count == 1)
    }

    @Test func anEventIsStoredWholeOrNotAtAll() async throws {
        let store = try StateStore(file: file)
        try await store.apply([.job(job(1, .waiting))])
        let raw = try DatabaseQueue(path: file.path)
        try await raw.write {
            try $0.execute(sql: "CREATE TRIGGER no BEFORE INSERT ON plans BEGIN SELECT RAISE(ABORT, 'full'); END")
        }
        await #expect(throws: DatabaseError.self) {
            try await store.apply([.job(job(1, .finished)), .plan(.example(), job: "digits-1")])
        }
        #expect(try await store.load().jobs.map(\.state) == [.waiting])
    }

    @Test func transactionsAreOnTheDiskWhenTheyReturn() async throws {
        let store = try StateStore(file: file)
        #expect(try await store.pragma("synchronous") == "2")
        #expect(try await store.pragma("journal_mode") == "wal")
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        try Data("not a database, but long enough to look like one in the eyes of a file".utf8).write(to: file)
        let error = #expect(throws: StateError.self) { try StateStore(file: file) }
        #expect(error?.description.contains("martlet cluster restore") == true)
    }

    /// A backup put back would not help against any of these.
    @Test(
        arguments: [
            (.SQLITE_FULL, "is full; make room"), (.SQLITE_IOERR_SHMSIZE, "is full; make room"),
            (.SQLITE_BUSY, "another process"), (.SQLITE_LOCKED, "another process"),
            (.SQLITE_CANTOPEN, "opened for reading and writing"), (.SQLITE_READONLY, "opened for reading and writing"),
            (.SQLITE_IOERR, "the disk failed"), (.SQLITE_IOERR_READ, "the disk failed"), (.SQLITE_NOMEM, "no memory"),
        ] as [(ResultCode, String)])
    func whatIsInTheWayIsNotTakenForDamage(_ code: ResultCode, _ words: String) {
        let text = StateError(DatabaseError(resultCode: code, message: "x"), file: "/s").description
        #expect(text.hasPrefix("/s cannot be used: ") && text.contains(words), "\(text)")
        #expect(!text.contains("restore"), "\(text)")
    }

    @Test func aShortageOfDescriptorsIsNotTakenForALackOfPermission() {
        let error = DatabaseError(resultCode: .SQLITE_CANTOPEN)
        #expect(StateObstacle(error, lacksDescriptors: true) == .tooManyFiles)
        #expect(StateObstacle(error, lacksDescriptors: false) == .notPermitted)
        #expect(StateObstacle(DatabaseError(resultCode: .SQLITE_FULL), lacksDescriptors: true) == .diskFull)
        #expect(StateObstacle.tooManyFiles.words.contains("ulimit -n"))
    }

    @Test(arguments: [ResultCode.SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR])
    func damageIsToldOnOneLineWithTheWayBack(_ code: ResultCode) {
        let text = StateError(DatabaseError(resultCode: code, message: "one\ntwo"), file: "/s").description
        #expect(text.hasPrefix("/s cannot be read as a coordinator's state (one; two); "), "\(text)")
        #expect(text.contains("martlet cluster restore"))
        #expect(DatabaseError(resultCode: code, message: "one\ntwo").words == "the state: one; two")
        #expect(StateError.damage("*** in database main ***\nTree 3 page 3: x\ny") == "Tree 3 page 3: x; y")
        #expect(StateError.damage("*** in database main ***") == "it is damaged")
    }

    @Test func aFileThatCannotBeOpenedIsNotSaidToBeDamaged() throws {
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        let error = #expect(throws: StateError.self) { try StateStore(file: file) }
        #expect(error?.description.hasPrefix("\(file.path) cannot be used: ") == true, "\(String(describing: error))")
    }
}
