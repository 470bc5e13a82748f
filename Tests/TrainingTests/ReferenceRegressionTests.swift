import Collectives
import CollectivesTestKit
import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Linear regression without intercept on four points, by a thousand steps of full-batch descent on the summed gradient
/// X^T (X theta - y) at a rate of 0.01, from zeroes: the job of examples/reference/line.yaml.
@Suite struct ReferenceRegressionTests {
    @Test(arguments: [1, 2, 4])
    func itEndsAtTheKnownParameters(_ ranks: Int) async throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let job = try JobFile.load(repository.appending(path: "examples/reference/line.yaml").standardizedFileURL)
        #expect(job.train.loss == Loss(.halfSquaredError, reduction: .sum))
        #expect(job.train.slices == 4)
        let network = try Network(job.model)
        let outcomes = await Ensemble(ranks: ranks, slices: 4).run { group in
            let shards = TrainingShards(
                training: group.mine.map { slice in
                    let x = Float(slice + 1)
                    return Samples(rows: 1, featureCount: 2, features: [x, x + 1], targets: [x])
                }, validation: [], test: [], trainingRows: 4, validationRows: 0)
            let run = try TrainingRun(
                specification: job.train, network: network, loss: job.loss, group: group,
                shards: shards, resume: nil)
            return try run.run(observer: Silent())
        }
        for outcome in outcomes {
            let state = try outcome.get().state
            let theta = (0..<2).map { state.parameters.pointer[$0] }
            #expect(abs(theta[0] - 0.9410554331) < 1e-4)
            #expect(abs(theta[1] - 0.0438565645) < 1e-4)
            #expect(abs(5 * theta[0] + 6 * theta[1] - 4.9684165524) < 1e-4)
            #expect(state.progress.step == 1000)
        }
    }
}
