import Datasets
import Digests
import Training

/// Rows in memory, checked.
struct RowTable: Sendable {
    private let features: [[Float]]
    private let targets: [Float]
    private let width: Int
    private let targetCount: Int

    init(features: [[Float]], targets: [Float], width: Int, targetCount: Int) throws(TrainerError) {
        guard !features.isEmpty else { throw .data("there are no rows") }
        guard targets.count == features.count * targetCount else {
            throw .data(
                "there are \(features.count) rows of features with \(targetCount) targets each, but "
                    + "\(targets.count) targets")
        }
        if let row = features.firstIndex(where: { $0.count != width }) {
            throw .data("row \(row) has \(features[row].count) features, but the model's input has \(width)")
        }
        self.features = features
        self.targets = targets
        self.width = width
        self.targetCount = targetCount
    }

    var fingerprint: String {
        var digest = SHA256()
        for row in features { row.withUnsafeBytes { digest.update($0) } }
        targets.withUnsafeBytes { digest.update($0) }
        return digest.finalize().description
    }

    /// Cut as `DatasetPlanner` cuts a file: training rows by their place in the batch, the others in one piece a slice.
    func shards(_ split: RowSplit, slices: Range<Int>, request: TrainingData.Request) -> TrainingRun.Shards {
        let batches = BatchSlices(batchSize: request.batchSize, slices: request.slices, rows: split.training.count)
        func contiguous(_ rows: [Int]) -> [Samples] {
            guard !rows.isEmpty else { return [] }
            return slices.map { slice in
                samples(rows[rows.count * slice / request.slices..<rows.count * (slice + 1) / request.slices])
            }
        }
        return TrainingRun.Shards(
            training: slices.map { slice in
                let offsets = batches.offsets(ofSlice: slice)
                let places = split.training.indices.filter { offsets.contains($0 % request.batchSize) }
                return samples(places.map { split.training[$0] }[...])
            },
            validation: contiguous(split.validation), test: contiguous(split.test),
            trainingRows: split.training.count, validationRows: split.validation.count)
    }

    private func samples(_ rows: ArraySlice<Int>) -> Samples {
        Samples(
            rows: rows.count, featureCount: width, features: rows.flatMap { features[$0] },
            targetCount: targetCount,
            targets: rows.flatMap { targets[$0 * targetCount..<($0 + 1) * targetCount] })
    }
}
