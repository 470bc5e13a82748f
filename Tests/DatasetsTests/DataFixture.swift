import Datasets
import Digests
import Foundation

/// A CSV file in a temporary folder of its own, planned into shards that are kept in memory.
final class DataFixture {
    let file: URL
    private(set) var shards: [ContentDigest: [UInt8]] = [:]

    init(_ text: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "datasets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        file = folder.appending(path: "data.csv")
        try Data(text.utf8).write(to: file)
    }

    deinit {
        try? FileManager.default.removeItem(at: file.deletingLastPathComponent())
    }

    func plan(
        target: TargetRequirement = .number, column: String = "y", features: [String] = [],
        split: DataSpecification.Split = .init(train: 1, test: 0), normalize: DataSpecification.Normalization = .none,
        input: [Int] = [1], slices: Int = 1, batchSize: Int = 1, seed: UInt64 = 7
    ) throws -> DataPlan {
        let planner = DatasetPlanner(
            file: file,
            specification: DataSpecification(
                path: file.path(percentEncoded: false), target: column, features: features, split: split,
                normalize: normalize),
            target: target, input: input, slices: slices, batchSize: batchSize, seed: seed)
        return try planner.plan { bytes in
            let digest = ContentDigest(of: bytes)
            shards[digest] = bytes
            return digest
        }
    }

    /// The lines of one shard.
    func lines(_ shard: DataPlan.Shard) -> [String] {
        String(decoding: shards[shard.digest]!, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func samples(_ shard: DataPlan.Shard, _ plan: DataPlan) throws -> Samples {
        try shards[shard.digest]!.withUnsafeBytes { try ShardReader(preprocessing: plan.preprocessing).samples(of: $0) }
    }
}

/// The problems with which planning `text` fails.
func problems(
    in text: String, target: TargetRequirement = .number, column: String = "y", features: [String] = [],
    split: DataSpecification.Split = .init(train: 1, test: 0), input: [Int] = [1], batchSize: Int = 1
) throws -> [String] {
    let fixture = try DataFixture(text)
    do {
        _ = try fixture.plan(
            target: target, column: column, features: features, split: split, input: input, batchSize: batchSize)
        return []
    } catch let report as DatasetReport {
        return report.problems.map(\.description)
    }
}
