import Datasets
import NeuralNetworks
import StrictYAML

/// What sections of a job file must agree on.
extension JobFile {
    static func checkAgreement(
        of train: TrainSpecification, model: ModelSpecification, data: DataSpecification, in file: YAMLMapping
    ) {
        if let target = train.stop.target, target.metric != .loss, data.split.validation == 0 {
            file.report(
                "train",
                "stop.target: \(target.metric.rawValue) is measured on the validation part, and there is none: set "
                    + "data.split.validation to a share of the rows, or leave the target out")
        }
        // A model that cannot be built is told of elsewhere.
        if let network = try? Network(model), let problem = BatchStatisticsRule(brokenBy: train, in: network) {
            file.report("train", "batch_size: \(problem)")
        }
    }
}
