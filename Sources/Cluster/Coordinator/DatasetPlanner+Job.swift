package import Datasets
import Foundation
import NeuralNetworks
package import Training

extension DatasetPlanner {
    /// For the data of a job.
    package init(of job: JobSpecification) {
        // A model that no network can be built from is refused before its data is read.
        let positions = (try? Network(job.model))?.outputPositions
        let target: TargetRequirement =
            switch (job.loss.name.meaning, job.model.task.classes(outputs: job.model.outputs)) {
            case (_, let classes?): .classes(classes)
            case (.distributionLogits, nil):
                .distributions(job.model.outputs * (positions ?? 1), outputs: job.model.outputs)
            case (_, nil): .numbers(job.model.outputs * (positions ?? 1))
            }
        self.init(
            file: URL(filePath: job.data.path), specification: job.data, target: target, input: job.model.input,
            resultPositions: positions, slices: job.train.slices, batchSize: job.train.batchSize, seed: job.train.seed)
        switch job.model.family {
        case .gpt: tokensKey = ["model", "vocabulary"]
        case .rnn, .lstm, .gru, .transformer: positionsKey = ["model", "predict"]
        case .linear, .logistic, .mlp, .cnn, .resNetSmall, .sequential: break
        }
        if job.model.layers.contains(where: { $0.kind == "transformer" }) { positionsKey = ["model", "source"] }
        embeddedIDs = job.model.embeddedIDs
        if job.model.family == .sequential { vocabularyKey = ["model", "layers"] }
    }
}
