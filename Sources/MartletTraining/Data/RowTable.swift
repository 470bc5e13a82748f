import Datasets
import Digests
import Explanations
import Training

/// Rows in memory, checked.
struct RowTable: Sendable {
    private let features: [[Float]]
    private let targets: [Float]
    private let width: Int
    private let targetCount: Int

    /// - Parameters:
    ///   - width: numbers of a row of features.
    ///   - classes: of which targets are labels; nil: they are numbers.
    init(
        features: [[Float]], targets: [Float], width: Int, targetCount: Int, classes: Int?
    ) throws(TrainerError) {
        guard !features.isEmpty else { throw .data("there are no rows") }
        guard targets.count == features.count * targetCount else {
            throw .data(
                "there are \(counted(features.count, "row")) of features with \(counted(targetCount, "target")) each, but "
                    + counted(targets.count, "target"))
        }
        if let row = features.firstIndex(where: { $0.count != width }) {
            throw .data(
                "row \(row + 1) has \(counted(features[row].count, "feature")), but the model's input has \(width)")
        }
        for (row, values) in features.enumerated() {
            guard let place = values.firstIndex(where: { !$0.isFinite }) else { continue }
            throw .data("row \(row + 1), feature \(place + 1): expected a finite number, found \(values[place])")
        }
        if let place = targets.firstIndex(where: { !Self.isTarget($0, classes: classes) }) {
            let expected =
                classes.map { "a label from 0 to \($0 - 1), or one below 0 for none" } ?? "a finite number"
            throw .data("row \(place / targetCount + 1): expected \(expected) as the target, found \(targets[place])")
        }
        self.features = features
        self.targets = targets
        self.width = width
        self.targetCount = targetCount
    }

    private static func isTarget(_ target: Float, classes: Int?) -> Bool {
        guard let classes else { return target.isFinite }
        return target.isFinite && target.rounded() == target && target < Float(classes)
    }

    var fingerprint: String {
        var digest = SHA256()
        for row in features { row.withUnsafeBytes { digest.update($0) } }
        targets.withUnsafeBytes { digest.update($0) }
        return digest.finalize().description
    }

    /// Cut as `DatasetPlanner` cuts a file: training rows by their place in the batch, the others in one piece a slice.
    func shards(_ split: RowSplit, slices: Range<Int>, request: TrainingData.Request) -> TrainingShards {
        let batches = BatchSlices(batchSize: request.batchSize, slices: request.slices, rows: split.training.count)
        func contiguous(_ rows: [Int]) -> [Samples] {
            guard !rows.isEmpty else { return [] }
            return slices.map { slice in
                samples(rows[BatchSlices.share(ofSlice: slice, of: request.slices, rows: rows.count)])
            }
        }
        return TrainingShards(
            training: slices.map { slice in
                samples(batches.places(ofSlice: slice).map { split.training[$0] }[...])
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
