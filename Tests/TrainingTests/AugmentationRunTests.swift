import Collectives
import CollectivesTestKit
import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Training on samples that change at random.
@Suite struct AugmentationRunTests {
    private static let model = ModelSpecification(
        family: .sequential, task: .classification, input: [2, 4, 4], outputs: 3,
        layers: [.flatten, .linear(outputs: 7), .relu, .linear(outputs: 3)])

    private static func samples(_ rows: Range<Int>) -> Samples {
        Samples(
            rows: rows.count, featureCount: 32,
            features: rows.flatMap { row in (0..<32).map { Float((row * 7919 + $0 * 104_729) % 1000) / 500 - 1 } },
            targets: rows.map { Float($0 % 3) })
    }

    /// The parameters at the end, bit by bit.
    private static func train(_ group: ProcessGroup, _ augmentation: Augmentation?) throws -> [UInt32] {
        let rows = 53
        let specification = TrainSpecification(
            optimizer: OptimizerSpecification(name: .sgd, learningRate: 0.05), batchSize: 8, epochs: 3, seed: 5,
            slices: 4)
        let batches = BatchSlices(batchSize: 8, slices: 4, rows: rows)
        var first = 0
        var training: [Samples] = []
        for slice in 0..<4 {
            let count = batches.shardRows(ofSlice: slice)
            if group.mine.contains(slice) { training.append(samples(first..<first + count)) }
            first += count
        }
        let run = try TrainingRun(
            specification: specification, network: try Network(model), loss: Loss(for: model.task), group: group,
            shards: TrainingShards(
                training: training, validation: [], test: [], trainingRows: rows, validationRows: 0,
                augmentation: augmentation), resume: nil)
        let parameters = try run.run(observer: Silent()).state.parameters
        return (0..<parameters.count).map { parameters.pointer[$0].bitPattern }
    }

    private final class Silent: TrainingObserver {
        func stepped(_ progress: StepProgress) {}
        func isReadyForCheckpoint() -> Bool { false }
        func checkpoint(_ state: TrainingState) {}
    }

    @Test func anyNumberOfWorkersGivesTheSameBytes() async throws {
        let all = Augmentation(
            flipHorizontally: true, flipVertically: true, crop: 1, rotation: 30, noise: 0.1, mixup: 0.3)
        let alone = try await Ensemble(ranks: 1, slices: 4).run { try Self.train($0, all) }[0].get()
        for ranks in [2, 3, 4] {
            for outcome in await Ensemble(ranks: ranks, slices: 4).run({ try Self.train($0, all) }) {
                #expect(try outcome.get() == alone, "\(ranks) ranks")
            }
        }
        let plain = try await Ensemble(ranks: 1, slices: 4).run { try Self.train($0, nil) }[0].get()
        #expect(plain != alone)
    }
}
