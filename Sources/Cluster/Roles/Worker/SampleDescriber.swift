import Checkpoints
import Datasets
import Foundation
import NeuralNetworks
import Training

/// Says what samples are, for a person: reads their raw rows again from the shards of the test part.
struct SampleDescriber {
    let plan: DataPlan
    let model: ModelSpecification
    let cache: ContentStore

    /// Columns of a row that are kept, and characters of each value.
    private static let columnLimit = 64
    private static let textLimit = 200

    /// The samples in the order in which they are given.
    func describe(_ judgements: [SampleJudgement]) throws -> [WorstSample] {
        var contents: [Int: [[Float]]] = [:]
        for (slice, group) in Dictionary(grouping: judgements, by: \.slice) {
            contents[slice] = try rows(group.map(\.row), ofSlice: slice)
        }
        return judgements.map { judgement in
            let raw = contents[judgement.slice, default: []].isEmpty ? [] : contents[judgement.slice]!.removeFirst()
            return WorstSample(
                content: content(of: raw), label: text(judgement.targets), prediction: text(judgement.predictions),
                probability: judgement.probability, loss: judgement.loss)
        }
    }

    /// Raw rows of one shard.
    private func rows(_ places: [Int], ofSlice slice: Int) throws -> [[Float]] {
        guard let last = places.max(), plan.test.indices.contains(slice) else { return [] }
        let bytes = try Data(contentsOf: cache.url(of: plan.test[slice].digest))
        let raw = try bytes.withUnsafeBytes {
            try ShardReader(preprocessing: plan.preprocessing).rawRows(of: $0, limit: last + 1)
        }
        let width = plan.preprocessing.rawColumns
        return places.map { Array(raw.numbers[$0 * width..<($0 + 1) * width]) }
    }

    private func content(of raw: [Float]) -> WorstSample.Content {
        if let picture = SamplePicture(raw, shape: model.input) {
            return .picture(
                channels: picture.channels, height: picture.height, width: picture.width, pixels: picture.pixels)
        }
        let features = zip(plan.preprocessing.features, raw).prefix(Self.columnLimit)
        return .values(
            names: features.map { String($0.0.name.prefix(Self.textLimit)) },
            values: features.map { feature, number in
                if case .category(let values) = feature.kind, values.indices.contains(Int(number)) {
                    return String(values[Int(number)].prefix(Self.textLimit))
                }
                return Self.text(number)
            })
    }

    private func text(_ values: [Float]) -> String {
        values.map { value in
            if model.task != .regression, value >= 0, let label = plan.preprocessing.label(ofClass: Int(value)) {
                return String(label.prefix(Self.textLimit))
            }
            return Self.text(value)
        }.joined(separator: " ")
    }

    private static func text(_ value: Float) -> String {
        value == value.rounded() && abs(value) < 1e7 ? String(Int(value)) : String(format: "%.6g", value)
    }
}
