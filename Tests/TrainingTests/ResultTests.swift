import CollectivesTestKit
import Datasets
import NeuralNetworks
import Testing

@testable import Training

/// A run ends with parameters that some epoch has learned, or with the reason why there are none.
@Suite struct ResultTests {
    /// What a run of two ranks ends with, the same on both.
    private func error(
        _ problem: Problem, changing: @escaping @Sendable (inout TrainingShards) -> Void = { _ in }
    ) async throws -> String {
        let outcomes = await Ensemble(ranks: 2, slices: 4).run { group in
            var shards = problem.shards(of: group)
            changing(&shards)
            let run = try TrainingRun(
                specification: problem.specification, evaluation: problem.evaluation,
                network: try Network(problem.model), loss: Loss(for: problem.model.task), group: group,
                shards: shards, resume: nil)
            let outcome = try run.run(observer: Silent())
            _ = try run.evaluateTest(outcome.state.best)
        }
        let texts = outcomes.map { outcome in
            if case .failure(let error) = outcome { "\(error)" } else { "" }
        }
        #expect(texts[0] == texts[1])
        return texts[0]
    }

    private static func without(_ samples: Samples, _ change: (inout [Float], inout [Float]) -> Void) -> Samples {
        var (features, targets) = (samples.features, samples.targets)
        change(&features, &targets)
        return Samples(
            rows: samples.rows, featureCount: samples.featureCount, features: features,
            targetCount: samples.targetCount, targets: targets)
    }

    @Test func aValidationLossThatIsNoNumberMakesNothingTheBest() async throws {
        let text = try await error(Problem()) { shards in
            shards.validation = shards.validation.map { samples in
                Self.without(samples) { features, _ in features[0] = .infinity }
            }
        }
        #expect(
            text.hasPrefix(
                "none of 6 epochs made an update and had a finite loss on the validation part, where the last one's is "
            ),
            "\(text)")
    }

    @Test func aValidationPartWithoutLabelsHasNoLoss() async throws {
        let text = try await error(Problem()) { shards in
            shards.validation = shards.validation.map { samples in
                Self.without(samples) { _, targets in targets = targets.map { _ in -1 } }
            }
        }
        #expect(
            text.hasPrefix("epoch 1: no row of the validation part counts: all labels there are below 0"), "\(text)")
    }

    @Test func aTrainingPartWithoutLabelsTeachesNothing() async throws {
        let text = try await error(Problem()) { shards in
            shards.training = shards.training.map { samples in
                Self.without(samples) { _, targets in targets = targets.map { _ in -1 } }
            }
        }
        #expect(text.hasPrefix("epoch 1: no row of the training part counts"), "\(text)")
    }

    /// Nothing was learned in an epoch whose steps were all passed over, so its parameters are the untrained ones.
    @Test func epochsWithoutAnUpdateAreNeverTheBest() async throws {
        var problem = Problem()
        problem.brokenRow = 0
        problem.specification.spikeGuard = .init(maximumSkips: 1000)
        let text = try await error(problem)
        #expect(text.hasPrefix("none of 6 epochs made an update"), "\(text)")
    }

    /// The training loss of an epoch is that before its updates, so it may be finite where the parameters are not fit
    /// for anything.
    @Test func parametersThatGiveNoNumberAreNoResult() async throws {
        var problem = Problem()
        problem.specification.optimizer = OptimizerSpecification(name: .sgd, learningRate: 1e30)
        problem.specification.spikeGuard = .init(maximumSkips: 100)
        let text = try await error(problem) { shards in
            shards.validation = []
            shards.validationRows = 0
        }
        #expect(text.hasPrefix("the loss on the test part is"), "\(text)")
        #expect(text.contains("under the parameters of epoch 1, the best"), "\(text)")
    }

    @Test func aBatchWithoutLabelsIsInLineWithAll() async throws {
        var problem = Problem()
        problem.specification.spikeGuard = .init(lossFactor: 1000)
        let run = await Ensemble(ranks: 1, slices: 4).run { [problem] group in
            var shards = problem.shards(of: group)
            // All rows of every slice's first batches.
            shards.training = shards.training.map { samples in
                Self.without(samples) { _, targets in
                    for row in 0..<targets.count where row < targets.count - 2 { targets[row] = -1 }
                }
            }
            let run = try TrainingRun(
                specification: problem.specification, network: try Network(problem.model),
                loss: Loss(for: problem.model.task), group: group, shards: shards, resume: nil)
            return try run.run(observer: Silent()).state.progress
        }
        let progress = try run[0].get()
        #expect(progress.spikes?.skipped == 0)
        #expect(try #require(progress.spikes).loss > 0.1)
    }

    /// Figures of a distribution are those of the softmax of the outputs.
    @Test func aDistributionIsMeasuredByItsPrediction() async throws {
        let model = ModelSpecification(
            family: .mlp, task: .regression, input: [2], outputs: 3, layers: [.linear(outputs: 8), .tanh])
        let specification = TrainSpecification(
            loss: Loss(.divergence), optimizer: OptimizerSpecification(name: .adam, learningRate: 0.03), batchSize: 16,
            epochs: 60, slices: 4)
        @Sendable func samples(_ rows: Int) -> Samples {
            let features: [Float] = (0..<rows).flatMap { row -> [Float] in
                [row % 3 == 0 ? 1 : -1, row % 3 == 1 ? 1 : -1]
            }
            let targets: [Float] = (0..<rows).flatMap { row -> [Float] in
                (0..<3).map { $0 == row % 3 ? 0.8 : 0.1 }
            }
            return Samples(rows: rows, featureCount: 2, features: features, targetCount: 3, targets: targets)
        }
        let metrics = try await Ensemble(ranks: 1, slices: 4).run { group in
            let run = try TrainingRun(
                specification: specification, network: try Network(model), loss: Loss(.divergence), group: group,
                shards: TrainingShards(
                    training: (0..<4).map { _ in samples(12) }, validation: [], test: (0..<4).map { _ in samples(6) },
                    trainingRows: 48, validationRows: 0), resume: nil)
            return try run.evaluateTest(run.run(observer: Silent()).state.best)
        }[0].get()
        #expect(try #require(metrics.value(of: .mae)) < 0.02)
        #expect(try #require(metrics.value(of: .r2)) > 0.98)
    }
}
