import Checkpoints
public import Datasets
import Digests
import Foundation
import NeuralNetworks
import Training

extension TrainingData {
    /// A CSV file with a header, prepared as for a job: checked, split, and normalised by its training part.
    ///
    /// Every rank reads the file, so it must be there on each machine, and the same.
    ///
    /// - Parameters:
    ///   - path: of the file; a relative one begins at the working directory.
    ///   - target: the column to learn.
    ///   - features: the columns to learn from; empty: all others.
    ///   - split: which share of the rows is trained on, decides which epoch was the best, and gives the metrics.
    ///   - normalize: how columns of numbers are scaled, by what the training part says.
    public static func csv(
        _ path: String, target: String, features: [String] = [],
        split: DataSpecification.Split = DataSpecification.Split(train: 0.8, test: 0.2),
        normalize: DataSpecification.Normalization = .standard
    ) -> TrainingData {
        let file = URL(filePath: path).absoluteURL
        let specification = DataSpecification(
            path: file.path(percentEncoded: false), target: target, features: features, split: split,
            normalize: normalize)
        return TrainingData { request, slices in
            let requirement = request.classes.map(TargetRequirement.classes) ?? .numbers(request.outputs)
            let planner = DatasetPlanner(
                file: file, specification: specification, target: requirement, input: request.input,
                slices: request.slices, batchSize: request.batchSize, seed: request.seed)
            let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try ContentStore(root: folder)
            let plan = try planner.plan(into: StoredShards(store))
            let reader = ShardReader(preprocessing: plan.preprocessing)
            let parts = try [plan.training, plan.validation, plan.test].map { shards in
                try shards.isEmpty
                    ? [] : shards[slices].map { try reader.samples(ofFile: store.url(of: $0.digest)) }
            }
            return Part(
                shards: TrainingShards(
                    training: parts[0], validation: parts[1], test: parts[2], trainingRows: plan.trainingRows,
                    validationRows: plan.validationRows),
                fingerprint: plan.digest.description)
        }
    }
}
