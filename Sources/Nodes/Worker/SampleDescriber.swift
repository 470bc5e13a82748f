import JobProtocol
import Checkpoints
import Datasets
import Explanations
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
    /// Bytes of all labels, or predictions, of a sample.
    private static let labelBytes = 64 << 10

    /// As much of it as an evaluation may hold: characters may have many bytes.
    static func className(_ name: String) -> String { shortened(name) }

    private static func shortened(_ text: String) -> String {
        String(text.prefix(textLimit)).shortened(toBytes: JobEvaluation.classBytes)
    }

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
        let cells = cells(of: raw)
        return .values(
            names: cells.map { Self.shortened($0.name) }, values: cells.map { Self.shortened($0.value) })
    }

    /// What a row says, as in the data as far as that can be told from its numbers.
    private func cells(of raw: [Float]) -> [(name: String, value: String)] {
        let features = plan.preprocessing.features
        switch plan.preprocessing.form {
        case .text(let text):
            // Behind the source of a translation stands its target, which is the label.
            return [(plan.preprocessing.cellNames?.first ?? "text", Self.decoded(raw.prefix(text.positions), by: text))]
        case .tensor:
            return raw.prefix(Self.columnLimit).enumerated().map { ("\($0.offset)", Self.text($0.element)) }
        case .rows(let window):
            guard !features.isEmpty else { return [] }
            return raw.prefix(Self.columnLimit).enumerated().map { place, number in
                let feature = features[place % features.count]
                let back = window - 1 - place / features.count
                return (
                    back == 0 ? feature.name : "\(feature.name), \(back) before", Self.text(number, of: feature)
                )
            }
        }
    }

    /// Labels or predictions.
    private func text(_ values: [Float]) -> String {
        if case .text(let text) = plan.preprocessing.form, case .tokens = plan.preprocessing.target.kind {
            return Self.shortened(Self.decoded(values[...], by: text))
        }
        return values.map { value in
            if model.task != .regression, let index = Int(exactly: value), index >= 0,
                let label = plan.preprocessing.label(ofClass: index)
            {
                return Self.shortened(label)
            }
            return Self.text(value)
        }.joined(separator: " ").shortened(toBytes: Self.labelBytes)
    }

    /// Padding and what stands for no text is left out.
    private static func decoded(_ ids: some Sequence<Float>, by text: TextEncoding) -> String {
        text.tokenizer.decode(ids.compactMap { Int(exactly: $0) }.filter { $0 >= 0 })
    }

    private static func text(_ value: Float, of feature: Preprocessing.Feature) -> String {
        guard value.isFinite else { return text(value) }
        switch feature.kind {
        case .number: return feature.origin.map { "\($0 + Double(value))" } ?? text(value)
        case .date:
            return Date(timeIntervalSince1970: ((feature.origin ?? 0) + Double(value)) * 86400).formatted(
                .iso8601.year().month().day())
        case .category(let values), .index(let values):
            guard let index = Int(exactly: value), values.indices.contains(index) else { return text(value) }
            return values[index]
        }
    }

    private static func text(_ value: Float) -> String {
        value == value.rounded() && abs(value) < 1e7 ? String(Int(value)) : String(format: "%.6g", value)
    }
}
