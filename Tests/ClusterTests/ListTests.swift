import Checkpoints
import Foundation
import NeuralNetworks
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane
@testable import Coordinator

/// Lists that are longer than any message, from the store to the operator.
@Suite struct ListTests {
    private let cluster = try! TestCluster()

    private func store(_ changes: [StateChange]) async throws {
        try cluster.configuration.makeFolder()
        let state = try StateStore(file: cluster.configuration.stateFile)
        try await state.apply(changes)
        try state.close()
    }

    /// A job that is over, with a curve as earlier versions kept it: whole.
    private func job(_ number: Int, epochs: Int) -> StateChange {
        var job = Job(
            id: "digits-\(number)", number: number, specification: .example(), source: "name: digits",
            submitted: Date(timeIntervalSince1970: Double(number)))
        job.curve = (1...epochs).map { epoch in
            EpochRecord(
                epoch: epoch, step: epoch, trainingLoss: 1 / Double(epoch), validationLoss: .nan, seconds: 0.123456789,
                metrics: ["accuracy": 1 / 3, "loss": 2 / 3, "f1": 1 / 7])
        }
        return .job(job.stored(ended: .finished, detail: "made digits:\(number)", at: .distantPast))
    }

    @Test func manyLongJobsAreListedPageByPage() async throws {
        try await store((1...130).map { job($0, epochs: 420) })
        try await cluster.withCoordinator { client in
            let all = try await client.jobs()
            #expect(all.jobs.map(\.id) == (1...130).reversed().map { "digits-\($0)" })
            #expect(all.total == 130)
            #expect(all.jobs.allSatisfy { $0.curve.map(\.epoch) == [420] && $0.workersAsked == 2 && $0.epochs == 3 })
            let newest = try await client.jobs(newest: 50)
            #expect(newest.jobs.map(\.id) == (81...130).reversed().map { "digits-\($0)" } && newest.total == 130)

            let status = try await client.status()
            #expect(status.jobs.map(\.id) == (121...130).map { "digits-\($0)" })
            #expect(status.omitted == ClusterStatus.Omitted(jobs: 120))
            #expect(try await client.job("digits-7").curve.count == 420)
            #expect(try await client.job("digits-7", curveAfter: 400).curve.map(\.epoch) == Array(401...420))
            #expect(try await client.report("digits-7").source == "name: digits")
        }
    }

    /// As an earlier version took it in: too deep for an answer that has its layers, and no harm to the other jobs.
    @Test func aJobOfLayersWithinLayersSpoilsNoList() async throws {
        var deep = job(1, epochs: 1)
        if case .job(var stored) = deep {
            for _ in 0..<167 {
                stored.specification.model.layers = [.residual(stored.specification.model.layers)]
            }
            deep = .job(stored)
        }
        try await store([deep, job(2, epochs: 1)])
        try await cluster.withCoordinator { client in
            let jobs = try await client.jobs().jobs
            #expect(jobs.map(\.id) == ["digits-2", "digits-1"])
            let status = try await client.status()
            #expect(status.jobs.map(\.id) == ["digits-1", "digits-2"])
        }
    }

    @Test func activeJobsAreListedAmongTheOthers() async throws {
        try await store((1...3).map { job($0, epochs: 1) })
        try await cluster.withCoordinator { client in
            let submitted = try await client.submit(specification: cluster.job(), source: "")
            #expect(submitted.id == "digits-4")
            #expect(try await client.jobs().jobs.map(\.id) == ["digits-4", "digits-3", "digits-2", "digits-1"])
            #expect(try await client.jobs().total == 4)
            #expect(try await client.jobs(newest: 2).jobs.map(\.id) == ["digits-4", "digits-3"])
        }
    }

    /// A curve of more than a message, as an earlier version stored it for every epoch.
    @Test func aStoreWithAnEndlessCurveIsOpenedAndShown() async throws {
        guard case .job(var running) = job(1, epochs: 30_000) else { return }
        running.state = .running
        running.ended = nil
        running.generation = 7
        running.members = [
            Generation.Member(name: "worker-0", incarnation: 1, endpoint: "tcp://worker-0:1", slices: 0..<4)
        ]
        try await store([.job(running), .plan(.example(), job: "digits-1"), job(2, epochs: 30_000)])
        try await cluster.withCoordinator { client in
            #expect(try await client.status().jobs.map(\.id) == ["digits-2", "digits-1"])
            for id in ["digits-1", "digits-2"] {
                let curve = try await client.job(id).curve
                #expect(curve.count <= 515 && curve.first?.epoch == 1 && curve.last?.epoch == 30_000)
            }
            #expect(try await client.cancel("digits-1").state == .cancelled)
        }
    }

    @Test func modelsWithLargeTokenizersAreListedWithoutThem() async throws {
        let tokenizer = String(repeating: "a token, ", count: 100_000)
        let versions = (1...5).flatMap { model in
            (1...4).map { version -> StateChange in
                var manifest = Manifest.example("model-\(model)", number: version)
                manifest.preprocessing = tokenizer
                manifest.interface.inputs = [
                    .init(name: "input", datatype: "FP32", shape: [-1, 3], columns: ["a", "b", "c"])
                ]
                return .version(
                    StoredVersion(
                        name: "model-\(model)", version: version, manifest: .fake("\(model):\(version)"),
                        details: manifest, gate: .init(passed: true, figures: []), registered: .distantPast))
            }
        }
        try await store(versions)
        try await cluster.withCoordinator { client in
            let models = try await client.models()
            #expect(models.map(\.name) == (1...5).map { "model-\($0)" })
            #expect(models.allSatisfy { $0.versions.map(\.version) == [1, 2, 3, 4] })
            let model = try await client.model("model-3")
            #expect(model.versions.map(\.version) == [1, 2, 3, 4])
            #expect(model.versions[0].details.preprocessing.isEmpty)
            #expect(model.versions[0].details.interface.inputs[0].columns == nil)
            #expect(model.versions[0].details.metrics == ["accuracy": 0.95])
            let error = await #expect(throws: Failure.self) { try await client.model("nothing") }
            #expect(error?.code == .notFound)
        }
    }

    @Test func longListsOfModelsComeInPages() async throws {
        try await store(
            (1...250).map { version in
                .version(
                    StoredVersion(
                        name: "digits", version: version, manifest: .fake("\(version)"),
                        details: .example(number: version), gate: .init(passed: true, figures: []),
                        registered: .distantPast))
            })
        try await cluster.withCoordinator { client in
            let model = try await client.model("digits")
            #expect(model.versions.map(\.version) == Array(1...250))
        }
    }

    @Test func aPageHoldsAtLeastOneItem() throws {
        #expect(
            try Page.fitting([String](repeating: "x", count: 100), bytes: 40) == Array(repeating: "x", count: 10)[...])
        #expect(try Page.fitting([String(repeating: "x", count: 100), "y"], bytes: 40).count == 1)
        #expect(try Page.fitting([String](), bytes: 40).isEmpty)
    }
}
