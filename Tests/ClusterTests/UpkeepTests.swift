import Foundation
import GRDB
import Testing
import Training

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane
@testable import Coordinator

/// What is kept, and where it is when a log is lost.
@Suite struct UpkeepTests {
    private let folder = try! TemporaryFolder()
    private var file: URL { folder.url.appending(path: "state.sqlite") }

    private func job(_ number: Int, _ state: JobStatus.State = .finished, generation: UInt64 = 0) -> StoredJob {
        var job = Job(
            id: "digits-\(number)", number: number, specification: .example(), source: "name: digits",
            submitted: Date(timeIntervalSince1970: 1_800_000_000)
        ).stored
        job.state = state
        job.generation = generation
        return job
    }

    /// The numbers of the jobs that the file holds without its log.
    private func jobsWithoutTheLog() async throws -> [Int] {
        let alone = folder.url.appending(path: "alone-\(UUID().uuidString).sqlite")
        try FileManager.default.copyItem(at: file, to: alone)
        let queue = try DatabaseQueue(path: alone.path)
        defer { try? queue.close() }
        return try await queue.read { try Int.fetchAll($0, sql: "SELECT number FROM jobs ORDER BY number") }
    }

    @Test func upkeepMovesTheLogIntoTheDatabase() async throws {
        let store = try StateStore(file: file)
        try await store.apply([.job(job(1))])
        #expect(try await jobsWithoutTheLog() == [])
        try await store.upkeep(RetentionPolicy())
        #expect(try await jobsWithoutTheLog() == [1])
    }

    /// It is not measured as if it was the database.
    @Test func whatLiesInThePlaceOfTheDatabaseIsNamed() async throws {
        let store = try StateStore(file: file)
        #expect(store.obstacle == nil)
        #expect(try await store.size().databaseBytes > 0)
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(store.obstacle?.contains("\(file.path) cannot be used: it is a folder, expected a file") == true)
        #expect(try await store.size().databaseBytes == 0)
    }

    /// SQLite writes into the log's file from its beginning again, and by itself never makes it shorter.
    @Test func aLargeTransactionDoesNotKeepItsPlaceOnTheDisk() async throws {
        let store = try StateStore(file: file)
        defer { try? store.close() }
        try await store.apply((1...1000).map { .job(job($0)) })
        let large = try await store.size().logBytes
        #expect(large > 3 * StateStore.logBytes)
        // Not at once: a read that has just ended, as that of the size, may still hold the log up for a moment.
        try await eventually("the log's file is short") {
            try await store.upkeep(RetentionPolicy(jobs: 2000))
            try await store.apply([.job(job(1001))])
            return try await store.size().logBytes <= StateStore.logBytes
        }
        #expect(try await store.size().finishedJobs == 1001)
    }

    @Test func openingAndClosingMoveTheLogIntoTheDatabase() async throws {
        let store = try StateStore(file: file)
        try await store.apply([.job(job(1))])
        // A second connection, as a process that was killed would have left the log behind.
        let raw = try DatabaseQueue(path: file.path)
        try store.close()
        #expect(try await jobsWithoutTheLog() == [1])
        try await raw.write { try $0.execute(sql: "UPDATE jobs SET number = 2") }
        let again = try StateStore(file: file)
        #expect(try await jobsWithoutTheLog() == [2])
        try raw.close()
        try again.close()
    }

    @Test func aCoordinatorDoesUpkeepByItself() async throws {
        let cluster = try TestCluster()
        let state = cluster.configuration.stateFile
        try await cluster.withCoordinator { client in
            _ = try await client.submit(specification: cluster.job(), source: "name: digits")
            try await eventually("the job is in the database itself") {
                cluster.time.advance(by: .seconds(1))
                let alone = state.appendingPathExtension("alone")
                try? FileManager.default.removeItem(at: alone)
                try FileManager.default.copyItem(at: state, to: alone)
                do {
                    return try await DatabaseQueue(path: alone.path).read { try StoredJob.fetchCount($0) } == 1
                } catch is DatabaseError {
                    // It was copied while the log was being moved into it.
                    return false
                }
            }
        }
    }

    @Test func theNewestAreKept() async throws {
        let store = try StateStore(file: file)
        try await store.apply(
            (1...9).map { .job(job($0)) } + [.job(job(10, .waiting))]
                + (1...9).flatMap {
                    [.evaluation(.example, job: "digits-\($0)"), .trace(.example, job: "digits-\($0)")]
                })
        let pruned = try await store.upkeep(RetentionPolicy(jobs: 4, traces: 2))
        #expect(pruned.jobs == 5)
        #expect(try await store.jobList(before: .max, limit: 99).jobs.map(\.number) == [9, 8, 7, 6])
        #expect(try await store.load().jobs.map(\.number) == [10])
        #expect(try await store.evaluation(ofJob: "digits-5") == nil)
        #expect(try await store.evaluation(ofJob: "digits-6") == .example)
        #expect(try await store.trace(ofJob: "digits-7") == nil)
        #expect(try await store.trace(ofJob: "digits-8") == .example)
        #expect(try await store.size().finishedJobs == 4)
        #expect(try await store.upkeep(RetentionPolicy(jobs: 1)) == PrunedState())
    }

    @Test func theRecordOfPromotionsIsBounded() async throws {
        let store = try StateStore(file: file)
        let lines = (1...5).map { version in
            StateChange.promotion(
                StoredPromotion(
                    kind: .promotion, name: "digits", alias: "production", version: version, previous: nil,
                    operatorName: "ada", forced: false, reason: "", date: Date(timeIntervalSince1970: 0),
                    routingEpoch: 1))
        }
        try await store.apply(lines)
        #expect(try await store.upkeep(RetentionPolicy(promotions: 3)).promotions == 2)
        #expect(try await store.promotions(of: "digits").map(\.version) == [3, 4, 5])
    }

    /// Logs and people know jobs and generations by their numbers.
    @Test func numbersAreNeverGivenAgain() async throws {
        let store = try StateStore(file: file)
        try await store.apply([
            .job(job(1, generation: 40)), .job(job(2, generation: 41)), .evaluation(.example, job: "digits-2"),
        ])
        try await store.deleteJob("digits-2")
        #expect(try await store.job("digits-2") == nil)
        #expect(try await store.evaluation(ofJob: "digits-2") == nil)
        try await store.apply([.dropVersion(ReplicaKey("digits", 7)), .dropVersion(ReplicaKey("digits", 3))])
        try store.close()
        let state = try await StateStore(file: file).load()
        #expect(state.lastJobNumber == 2 && state.lastGeneration == 41)
        #expect(state.lastVersions == ["digits": 7])
    }

    @Test func whatWasDeletedStaysDeleted() async throws {
        var scene = DeploymentScene()
        scene.addNode("inference-0")
        let one = scene.register()
        let two = scene.register()
        let store = try StateStore(file: file)
        try await store.apply([.version(one), .version(two)] + scene.serve(two).saves)
        try await store.apply(scene.deleteModel(version: 1).actions.saves)
        try await store.apply(scene.deleteAlias("production").actions.saves)
        let state = try await store.load()
        #expect(state.versions == [two] && state.aliases == [])
        var registry = Registry(stored: state)
        registry.remove(ReplicaKey("digits", 2))
        #expect(registry.versions.isEmpty)
    }

    @Test func aDatabaseThatWasEmptiedTakesNoRoom() async throws {
        let store = try StateStore(file: file)
        try await store.apply((1...300).map { .job(job($0)) })
        try await store.upkeep(RetentionPolicy())
        let full = try await store.size()
        _ = try await store.prune(RetentionPolicy(jobs: 1))
        try await store.compact()
        let small = try await store.size()
        #expect(small.databaseBytes < full.databaseBytes / 2)
        #expect(small.logBytes == 0)
    }
}
