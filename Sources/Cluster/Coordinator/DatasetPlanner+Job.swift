package import Datasets
import Foundation
import NeuralNetworks
package import Training

extension DatasetPlanner {
    /// For the data of a job.
    package init(of job: JobSpecification) {
        let target: TargetRequirement =
            switch job.model.task {
            case .regression: .numbers(job.model.outputs)
            case .binary: .classes(2)
            case .classification: .classes(job.model.outputs)
            }
        self.init(
            file: URL(filePath: job.data.path), specification: job.data, target: target, input: job.model.input,
            slices: job.train.slices, batchSize: job.train.batchSize, seed: job.train.seed)
    }
}
