import NeuralNetworks
import Training
import ClusterProtocol
import Wire
import Digests
import Foundation
import GRDB
import JobProtocol
import Testing

@testable import ControlPlane
@testable import Coordinator

/// The state of a coordinator that was written by version 0.1.0 as of November 2026, in `Fixtures/state.sql`: three jobs
/// of handwritten digits and one of diabetes, all over, whose versions are served. What it holds must be read, and go on.
@Suite struct FormerStateTests {
    private let folder = try! TemporaryFolder()
    private var file: URL { folder.url.appending(path: "state.sqlite") }

    private func open() throws -> StateStore {
        let dump = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/state.sql")
        let database = try DatabaseQueue(path: file.path)
        let statements = try String(contentsOf: dump, encoding: .utf8)
            .replacing("BEGIN TRANSACTION;\n", with: "").replacing("COMMIT;\n", with: "")
        try database.write { try $0.execute(sql: statements) }
        try database.close()
        return try StateStore(file: file)
    }

    @Test func itIsRead() async throws {
        let store = try open()
        #expect(store.clusterID == "c97ceee8-23a0-4fdd-a51f-1e20d6dbabd9")
        let state = try await store.load()
        #expect(
            state.versions.map { "\($0.name):\($0.version)" }.sorted() == [
                "diabetes:1", "digits-mlp:1", "digits:1", "digits:2",
            ])
        #expect(
            state.aliases.map { "\($0.name)@\($0.alias)=\($0.version)" }.sorted() == [
                "diabetes@production=1", "digits@production=1",
            ])
        #expect(state.routing?.epoch == 8)
        #expect(state.routing?.models.map(\.model) == ["diabetes", "digits"])
        #expect(state.lastJobNumber == 5)
        let digits = try #require(try await store.job("digits-1"))
        #expect(digits.state == .finished && digits.version == 1 && digits.curve.count == 20)
        #expect(digits.specification.model.outputs == 10 && digits.source.contains("name: digits"))
        #expect(try await store.evaluation(ofJob: "digits-1")?.rows == 359)
    }

    @Test func itGoesOn() async throws {
        let state = try await open().load()
        var plane = ControlPlane(clusterID: "c97ceee8-23a0-4fdd-a51f-1e20d6dbabd9", stored: state, at: .start)
        var effects: Effects = []
        plane.handle(.started, at: .start, into: &effects)
        plane.handle(
            .submit(SubmitJob(specification: .example(), source: ""), by: "ada", RequestID(1)), at: .start,
            into: &effects)
        #expect(
            effects.actions.contains {
                if case .answer(RequestID(1), .job(let job)) = $0 { job.id == "digits-6" } else { false }
            })
        // Version 2 failed its gate.
        plane.handle(
            .promote(
                PromoteVersion(name: "digits", version: 2, alias: "production", force: false, reason: ""), by: "ada",
                RequestID(2)), at: .start, into: &effects)
        #expect(
            effects.actions.contains {
                if case .answer(RequestID(2), .failure(let failure)) = $0 {
                    failure.message.contains("accuracy")
                } else {
                    false
                }
            })
    }
}
