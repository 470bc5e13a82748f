import Datasets
import Digests
import Foundation
import NeuralNetworks
import Explanations
import Training

/// Looks through a job's data as the coordinator will, without keeping anything.
struct DataCheck {
    enum Outcome {
        /// Not on this machine, or not for this user to read; the coordinator may still find it where it is on another
        /// machine or runs for another user.
        case unreadable(key: String, reason: String)
        /// Nowhere.
        case absent(key: String, reason: String)
        case problems(DatasetReport)
        case sound(DataPlan, DataFacts)
    }

    /// The targets of a larger training part are not looked at.
    private static let targetBytes = 256 << 20

    /// - Parameter coordinatorIsHere: the job's coordinator runs on this machine, so it has no other files.
    static func run(_ specification: JobSpecification, coordinatorIsHere: Bool = false) throws -> Outcome {
        for (key, path) in specification.data.paths where access(path, R_OK) != 0 {
            let cause = errno
            guard cause == ENOENT, coordinatorIsHere else {
                return .unreadable(
                    key: key, reason: "\(path) cannot be read on this machine: \(String(cString: strerror(cause)))")
            }
            return .absent(key: key, reason: "there is no \(path)\(nearest(to: path))")
        }
        let shards = FirstShards(limit: specification.model.task == .regression ? targetBytes : 0)
        do {
            let plan = try DatasetPlanner(of: specification).plan(into: shards)
            let facts = DataFacts(trainingRows: plan.trainingRows, targetRange: try targetRange(plan, shards.contents))
            return .sound(plan, facts)
        } catch let report as DatasetReport {
            return .problems(report)
        }
    }

    /// The file of the same folder that may have been meant.
    private static func nearest(to path: String) -> String {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path(percentEncoded: false)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard names.count <= 1000 else { return "" }
        guard let near = nearestWord(to: url.lastPathComponent, in: names.sorted()) else { return "" }
        return ": did you mean '\(near)'?"
    }

    /// Of the training part; nil if not all of it was kept, or the target is a class.
    private static func targetRange(
        _ plan: DataPlan, _ shards: [ContentDigest: [UInt8]]
    ) throws -> ClosedRange<Double>? {
        let reader = ShardReader(preprocessing: plan.preprocessing)
        var range: ClosedRange<Double>?
        for shard in plan.training where shard.rows > 0 {
            guard let bytes = shards[shard.digest] else { return nil }
            let targets = try bytes.withUnsafeBytes { try reader.samples(of: $0).targets }
            for target in targets.lazy.map(Double.init) {
                range = range.map { min($0.lowerBound, target)...max($0.upperBound, target) } ?? target...target
            }
        }
        return range
    }
}

extension DataSpecification {
    /// The files and folders that it names, by their keys.
    fileprivate var paths: [(key: String, path: String)] {
        var paths = [("data.path", path)]
        if let targetsPath { paths.append(("data.targets_path", targetsPath)) }
        if case .file(let tokenizer)? = text?.tokenizer { paths.append(("data.text.tokenizer", tokenizer)) }
        return paths
    }
}
