import Cluster
import Datasets
import Digests
import Foundation
import NeuralNetworks
import Training

/// Looks through a job's data as the coordinator will, without keeping anything.
struct DataCheck {
    enum Outcome {
        /// Not on this machine, or not for this user to read; the coordinator may still find it.
        case unreadable(String)
        case problems(DatasetReport)
        case sound(DataPlan, DataFacts)
    }

    /// The targets of a larger training part are not looked at.
    private static let targetBytes = 256 << 20

    static func run(_ specification: JobSpecification) throws -> Outcome {
        let path = specification.data.path
        guard FileManager.default.isReadableFile(atPath: path) else {
            return .unreadable("\(path) cannot be read on this machine; the coordinator checks it")
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
