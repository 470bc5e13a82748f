import Collectives
import NeuralNetworks
import Testing

@testable import Training

@Suite struct StopRuleTests {
    func rule(epochs: Int = 10, _ stop: TrainSpecification.Stop = .init()) -> StopRule {
        StopRule(
            TrainSpecification(
                optimizer: OptimizerSpecification(name: .sgd, learningRate: 1), batchSize: 1, epochs: epochs,
                stop: stop))
    }

    func curve(_ losses: Double..., seconds: Double = 0, metrics: [String: Double]? = nil) -> [EpochRecord] {
        losses.enumerated().map {
            EpochRecord(epoch: $0 + 1, step: $0, trainingLoss: $1, seconds: seconds, metrics: metrics)
        }
    }

    @Test func epochs() {
        #expect(rule().reason(at: TrainingProgress(epoch: 9), curve: []) == nil)
        #expect(rule().reason(at: TrainingProgress(epoch: 10), curve: []) == "epochs")
    }

    @Test func patienceCountsEpochsSinceTheBest() {
        let rule = rule(.init(patience: 3))
        #expect(rule.reason(at: TrainingProgress(epoch: 6, bestLoss: 1, bestEpoch: 4), curve: []) == nil)
        #expect(rule.reason(at: TrainingProgress(epoch: 7, bestLoss: 1, bestEpoch: 4), curve: []) == "patience")
    }

    @Test func steps() {
        let rule = rule(.init(steps: 5))
        #expect(rule.reason(at: TrainingProgress(epoch: 1, step: 4), curve: []) == nil)
        #expect(rule.reason(at: TrainingProgress(epoch: 1, step: 5), curve: []) == "steps")
        #expect(rule.endsEpoch(afterStep: 5))
    }

    @Test func seconds() {
        let rule = rule(.init(seconds: 5))
        #expect(rule.reason(at: TrainingProgress(epoch: 2), curve: curve(1, 1, seconds: 2.4)) == nil)
        #expect(rule.reason(at: TrainingProgress(epoch: 2), curve: curve(1, 1, seconds: 2.5)) == "seconds")
    }

    @Test func toleranceIsOfTheLastChangeEitherWay() {
        let rule = rule(.init(tolerance: 0.1))
        #expect(rule.reason(at: TrainingProgress(epoch: 1), curve: curve(1)) == nil)
        #expect(rule.reason(at: TrainingProgress(epoch: 3), curve: curve(3, 2, 1.85)) == nil)
        #expect(rule.reason(at: TrainingProgress(epoch: 3), curve: curve(3, 2, 1.95)) == "tolerance")
        #expect(rule.reason(at: TrainingProgress(epoch: 3), curve: curve(3, 2, 2.05)) == "tolerance")
    }

    @Test func target() {
        let rule = rule(.init(target: .init(metric: .accuracy, comparison: .atLeast, value: 0.9)))
        let progress = TrainingProgress(epoch: 1)
        #expect(rule.reason(at: progress, curve: curve(1)) == nil)
        #expect(rule.reason(at: progress, curve: curve(1, metrics: ["accuracy": 0.89])) == nil)
        #expect(rule.reason(at: progress, curve: curve(1, metrics: ["accuracy": 0.9])) == "target")
        let loss = self.rule(.init(target: .init(metric: .loss, comparison: .below, value: 0.5)))
        #expect(loss.reason(at: progress, curve: curve(0.5)) == nil)
        #expect(loss.reason(at: progress, curve: curve(0.4)) == "target")
    }
}
