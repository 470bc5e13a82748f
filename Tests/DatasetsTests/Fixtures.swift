import Datasets
import Digests
import Foundation

/// Files that `scripts/fixtures/datasets.py` and `tokenizers.py` made, and the numbers that they must give.
enum Fixtures {
    static let folder = Bundle.module.resourceURL!.appending(path: "Fixtures")

    static func url(_ name: String) -> URL { folder.appending(path: name) }

    static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

    private static func expected() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(contentsOf: url("expected.json"))) as! [String: Any]
    }

    static func numbers(_ name: String) throws -> [Double] {
        (try expected()[name] as! [Any]).map { ($0 as! NSNumber).doubleValue }
    }

    static func number(_ name: String) throws -> Double { (try expected()[name] as! NSNumber).doubleValue }
}

/// Any data set, planned into shards that are kept in memory.
final class PlannedData {
    let plan: DataPlan
    private(set) var shards: [ContentDigest: [UInt8]] = [:]

    init(
        _ specification: DataSpecification, target: TargetRequirement = .number, input: [Int],
        resultPositions: Int? = nil, slices: Int = 1, batchSize: Int = 1, seed: UInt64 = 7
    ) throws {
        let planner = DatasetPlanner(
            file: URL(filePath: specification.path), specification: specification, target: target, input: input,
            resultPositions: resultPositions, slices: slices, batchSize: batchSize, seed: seed)
        var shards: [ContentDigest: [UInt8]] = [:]
        plan = try planner.plan { bytes in
            let digest = ContentDigest(of: bytes)
            shards[digest] = bytes
            return digest
        }
        self.shards = shards
    }

    /// The samples of a part's shards, one behind the other.
    func samples(_ part: KeyPath<DataPlan, [DataPlan.Shard]>) throws -> Samples {
        let reader = ShardReader(preprocessing: plan.preprocessing)
        let all = try plan[keyPath: part].map { shard in
            try shards[shard.digest]!.withUnsafeBytes { try reader.samples(of: $0) }
        }
        return Samples(
            rows: all.reduce(0) { $0 + $1.rows }, featureCount: plan.preprocessing.featureCount,
            features: all.flatMap(\.features), targetCount: plan.preprocessing.targetCount,
            targets: all.flatMap(\.targets))
    }
}

/// A file or folder of its own that goes with the object.
final class ScratchFile {
    let url: URL

    init(_ text: String, name: String = "data.csv") throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "datasets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
    }

    convenience init(_ bytes: [UInt8], name: String) throws {
        try self.init("", name: name)
        try Data(bytes).write(to: url)
    }

    deinit {
        try? FileManager.default.removeItem(at: url.deletingLastPathComponent())
    }

    var path: String { url.path(percentEncoded: false) }
}

/// The problems with which planning fails.
func problems(_ body: () throws -> Void) throws -> [String] {
    do {
        try body()
        return []
    } catch let report as DatasetReport {
        return report.problems.map(\.description)
    }
}
