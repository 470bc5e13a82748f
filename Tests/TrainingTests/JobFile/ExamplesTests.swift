import Datasets
import Digests
import Foundation
import NeuralNetworks
import Testing
import Training

/// The jobs of `examples/`, up to the point where training would begin.
@Suite struct ExamplesTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples").standardizedFileURL

    private struct Planned {
        var job: JobSpecification
        var plan: DataPlan
        var shards: [ContentDigest: [UInt8]]

        /// Rows of these shards by their number in the data file.
        func rows(_ parts: [DataPlan.Shard]) throws -> [Int] {
            let lines = try String(contentsOfFile: job.data.path, encoding: .utf8).split(separator: "\n").dropFirst()
            let numbers = Dictionary(grouping: lines.enumerated(), by: { String($1) }).mapValues { $0.map(\.offset) }
            return parts.flatMap { shard in
                String(decoding: shards[shard.digest]!, as: UTF8.self).split(separator: "\n").map {
                    numbers[String($0)]!.first!
                }
            }
        }
    }

    private func plan(_ name: String) throws -> Planned {
        let job = try JobFile.load(Self.examples.appending(path: "\(name)/job.yaml"))
        let target: TargetRequirement =
            switch job.model.task {
            case .regression: .number
            case .binary: .classes(2)
            case .classification: .classes(job.model.outputs)
            }
        let planner = DatasetPlanner(
            file: URL(filePath: job.data.path), specification: job.data, target: target, input: job.model.input,
            slices: job.train.slices, batchSize: job.train.batchSize, seed: job.train.seed)
        var shards: [ContentDigest: [UInt8]] = [:]
        let plan = try planner.plan { bytes in
            let digest = ContentDigest(of: bytes)
            shards[digest] = bytes
            return digest
        }
        return Planned(job: job, plan: plan, shards: shards)
    }

    @Test(arguments: [
        ("digits-cnn", 1438, 359), ("digits-mlp", 1438, 359), ("breast-cancer", 455, 114), ("diabetes", 354, 88),
    ])
    func everyExampleCanBePlanned(name: String, trainingRows: Int, testRows: Int) throws {
        let planned = try plan(name)
        #expect(planned.plan.trainingRows == trainingRows)
        #expect(planned.plan.testRows == testRows)
        #expect(!planned.job.evaluate.gate.isEmpty)
        let reader = ShardReader(preprocessing: planned.plan.preprocessing)
        let network = try Network(planned.job.model)
        for shard in planned.plan.training + planned.plan.test {
            let samples = try planned.shards[shard.digest]!.withUnsafeBytes { try reader.samples(of: $0) }
            #expect(samples.featureCount == network.inputCount)
            #expect(samples.features.allSatisfy { $0.isFinite })
        }
    }

    @Test func classesAreNamedAsInTheData() throws {
        #expect(
            try plan("breast-cancer").plan.preprocessing.target.kind == .classes(["benign", "malignant"]))
        #expect(
            try plan("digits-cnn").plan.preprocessing.target.kind == .classes((0..<10).map(String.init)))
    }

    /// The first test rows that `scripts/reference-scores.py --rows` prints: what it scores is what Martlet scores.
    @Test(arguments: [
        ("digits-mlp", [6, 20, 21, 23, 26, 28, 31, 35, 38, 43, 46, 49]),
        ("diabetes", [0, 1, 20, 21, 35, 37, 38, 41, 48, 50, 51, 86]),
    ])
    func theSplitIsThatOfTheReferenceScores(name: String, first: [Int]) throws {
        let planned = try plan(name)
        #expect(try Array(planned.rows(planned.plan.test).prefix(first.count)) == first)
    }
}
