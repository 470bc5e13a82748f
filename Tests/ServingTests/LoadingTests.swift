import Checkpoints
import Digests
import Foundation
import Synchronization
import Testing
import Wire

@testable import Serving

@Suite struct LoadingTests {
    /// What `load` says of a version that must not be served. Afterwards the server holds nothing.
    private func complaint(
        _ model: TrainedModel, spoil: (ContentStore, ContentDigest) throws -> Void = { _, _ in }
    ) async throws -> String {
        let (store, manifest) = try model.publish()
        try spoil(store, manifest)
        let server = ModelServer(limits: ServingLimits())
        var complaint = ""
        do {
            try await server.load(model.key, manifest: manifest, from: store)
        } catch {
            complaint = "\(error)"
        }
        #expect(server.readyModels.isEmpty)
        #expect(await server.infer(model, rows: model.rawRows(1)).failure?.code == .notFound)
        await server.drain(within: .seconds(5))
        try FileManager.default.removeItem(at: model.folder)
        return complaint
    }

    private func overwrite(_ digest: ContentDigest, in store: ContentStore, _ change: (inout Data) -> Void) throws {
        var bytes = try Data(contentsOf: store.url(of: digest))
        change(&bytes)
        try bytes.write(to: store.url(of: digest))
    }

    @Test func refusesAFlippedBit() async throws {
        let complaint = try await complaint(TrainedModel()) { store, manifest in
            let weights = try Manifest.decode(store.contents(of: manifest)).files[0].digest
            try overwrite(weights, in: store) { $0[$0.count - 3] ^= 1 }
        }
        #expect(complaint.contains("expected") || complaint.contains("digest") || complaint.contains("corrupt"))
        #expect(!complaint.isEmpty)
    }

    @Test func refusesATruncatedFile() async throws {
        let complaint = try await complaint(TrainedModel()) { store, manifest in
            let weights = try Manifest.decode(store.contents(of: manifest)).files[0].digest
            try overwrite(weights, in: store) { $0.removeLast(100) }
        }
        #expect(!complaint.isEmpty)
    }

    @Test func refusesADamagedManifest() async throws {
        let complaint = try await complaint(TrainedModel()) { store, manifest in
            try overwrite(manifest, in: store) { $0[$0.count / 2] ^= 4 }
        }
        #expect(!complaint.isEmpty)
    }

    @Test(arguments: [Float.nan, .infinity])
    func refusesWeightsThatAreNotFinite(value: Float) async throws {
        let complaint = try await complaint(TrainedModel(spoilWeights: { $0[5] = value }))
        #expect(complaint == "model.safetensors: '0.weight' holds \(value) at index 5")
    }

    /// The weights are whole and finite, but not the ones that gave the golden rows.
    @Test func refusesWrongGoldenRows() async throws {
        let complaint = try await complaint(TrainedModel(spoilWeights: { $0[0] += 1 }))
        #expect(complaint.contains("golden row"))
    }

    /// Of a model with many outputs a sample is kept; a wrong one among them is still seen, and too few are no sample.
    @Test func comparesASampleOfTheGoldenOutputs() async throws {
        var sampled = TrainedModel()
        sampled.spoilManifest = { manifest in
            let all = manifest.golden.output
            manifest.golden.output = stride(from: 0, to: all.count, by: 4).map { all[$0] }
            manifest.golden.interval = 4
        }
        let (store, manifest) = try sampled.publish()
        let server = ModelServer(limits: ServingLimits())
        try await server.load(sampled.key, manifest: manifest, from: store)
        #expect(server.readyModels.count == 1)
        await server.drain(within: .seconds(5))
        try FileManager.default.removeItem(at: sampled.folder)

        let sample = sampled.spoilManifest
        sampled.spoilManifest = {
            sample(&$0)
            $0.golden.output[2] += 1
        }
        let wrong = try await complaint(sampled)
        #expect(wrong.contains("golden row 3, output 3"), "\(wrong)")
        sampled.spoilManifest = {
            sample(&$0)
            $0.golden.output.removeLast()
        }
        let short = try await complaint(sampled)
        #expect(short.contains("4 outputs: one in 4 of 3 a row"), "\(short)")
    }

    @Test func refusesWeightsOfAnotherShape() async throws {
        var other = TrainedModel(hidden: [9])
        let wanted = TrainedModel()
        let specification = try wanted.publish()
        let manifest = try Manifest.decode(specification.store.contents(of: specification.manifest))
        other.spoilManifest = { $0.specification = manifest.specification }
        let complaint = try await complaint(other)
        #expect(complaint == "model.safetensors: expected '0.weight' as F32 [8, 6], found F32 [9, 6]")
        try FileManager.default.removeItem(at: wanted.folder)
    }

    @Test func refusesClassesWithoutNames() async throws {
        var model = TrainedModel()
        model.spoilManifest = { $0.preprocessing = $0.preprocessing.replacing(",\"class 2\"", with: "") }
        let complaint = try await complaint(model)
        #expect(complaint == "manifest.json: the network tells 3 classes apart, only 2 have names")
    }

    @Test func tellsItsStagesAndHoldsSeveralVersions() async throws {
        let first = TrainedModel()
        let second = TrainedModel(key: ModelKey(model: "flowers", version: 4), hidden: [5, 5])
        let server = ModelServer(limits: ServingLimits())
        let stages = Mutex<[ModelServer.LoadingStage]>([])
        for model in [first, second] {
            let (store, manifest) = try model.publish()
            try await server.load(model.key, manifest: manifest, from: store) { stage in
                stages.withLock { $0.append(stage) }
            }
        }
        #expect(stages.withLock { $0 } == [.verifying, .warming, .verifying, .warming])
        #expect(Set(server.readyModels) == [first.key, second.key])
        for model in [first, second] {
            let answer = try await server.infer(model, rows: model.rawRows(2), outputs: ["logits"]).get()
            #expect(answer.response.version == String(model.key.version))
            let expected = try model.expected(model.rawRows(2))
            #expect(zip(answer.floats("logits"), expected).allSatisfy { abs($0 - $1) < 1e-5 })
        }
        await server.drain(within: .seconds(5))
        for model in [first, second] { try FileManager.default.removeItem(at: model.folder) }
    }
}
