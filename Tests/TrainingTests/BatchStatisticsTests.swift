import CollectivesTestKit
import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Statistics of a batch are never those of a single value.
@Suite struct BatchStatisticsTests {
    private static let model = ModelSpecification(
        family: .mlp, task: .classification, input: [2], outputs: 2, layers: [.linear(outputs: 3), .batchNorm, .relu])

    private func specification(batchSize: Int?, slices: Int) -> TrainSpecification {
        TrainSpecification(
            optimizer: OptimizerSpecification(name: .sgd, learningRate: 0.1), batchSize: batchSize, epochs: 1,
            slices: slices)
    }

    @Test func slicesOfOneRowAreNoBatches() throws {
        let network = try Network(Self.model)
        let rule = BatchStatisticsRule(brokenBy: specification(batchSize: 4, slices: 4), in: network)
        #expect(
            rule?.description
                == "batch_norm (1.weight) takes mean and variance of the rows of a slice, which needs two of them, but a "
                + "batch_size of 4 in 4 slices leaves slices of one row: set batch_size to at least 8, or slices to at "
                + "most 2; or use layer_norm or group_norm, which look at each row alone")
        #expect(BatchStatisticsRule(brokenBy: specification(batchSize: 7, slices: 4), in: network) != nil)
        #expect(BatchStatisticsRule(brokenBy: specification(batchSize: 8, slices: 4), in: network) == nil)
        #expect(BatchStatisticsRule(brokenBy: specification(batchSize: nil, slices: 4), in: network) == nil)
        // The pixels of a channel are values of it too, and frozen statistics are not taken of rows.
        let picture = ModelSpecification(
            family: .cnn, task: .classification, input: [1, 4, 4], outputs: 2,
            layers: [.conv2d(channels: 2), .batchNorm, .flatten])
        #expect(BatchStatisticsRule(brokenBy: specification(batchSize: 4, slices: 4), in: try Network(picture)) == nil)
        var frozen = Self.model
        frozen.freeze = ["1"]
        #expect(BatchStatisticsRule(brokenBy: specification(batchSize: 4, slices: 4), in: try Network(frozen)) == nil)
    }

    @Test func theJobFileIsRefused() throws {
        let folder = try JobFolder(
            jobText(
                model: "{ family: sequential, input: 4, classes: 2, layers: [linear: 3, batch_norm, linear: 2] }",
                train: "{ optimizer: adam, batch_size: 4, epochs: 1 }"))
        let problems = folder.problems()
        #expect(problems.count == 1 && problems[0].contains("train: batch_size: batch_norm (1.weight)"), "\(problems)")
        #expect(folder.problems(overrides: ["train.slices=2"]).isEmpty)
    }

    /// Nine rows in batches of eight: the last batch is one row, which is normalised by the running averages and does
    /// not move them.
    @Test func theOddRowAtTheEndMovesNoAverage() async throws {
        let specification = specification(batchSize: 8, slices: 4)
        let averages = try await Ensemble(ranks: 1, slices: 4).run { group in
            let network = try Network(Self.model)
            let batches = UpdatePlan(specification, rows: 9).batches
            let training = (0..<4).map { slice in
                let count = batches.shardRows(ofSlice: slice)
                return Samples(
                    rows: count, featureCount: 2,
                    features: (0..<count).flatMap { [Float(slice + $0) - 2, Float(slice * $0)] }, targetCount: 1,
                    targets: (0..<count).map { Float($0 % 2) })
            }
            let run = try TrainingRun(
                specification: specification, network: network, loss: .crossEntropyOnLogits, group: group,
                shards: TrainingShards(
                    training: training, validation: [], test: [], trainingRows: 9, validationRows: 0), resume: nil)
            let state = try run.run(observer: Silent()).state
            return network.layout.entries.filter { !$0.isLearned }.flatMap { entry in
                (0..<entry.count).map { state.parameters.pointer[entry.offset + $0] }
            }
        }[0].get()
        // Three means, three variances, and the number of batches that moved them.
        #expect(averages.count == 7 && averages[6] == 1)
        #expect(averages[3..<6].allSatisfy { $0 >= 0.9 })
    }
}
