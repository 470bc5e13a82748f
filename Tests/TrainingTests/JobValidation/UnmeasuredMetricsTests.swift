import Datasets
import Digests
import NeuralNetworks
import Testing
import Training

/// Metrics that the data of a job cannot give are told with their reason, before the job runs where that can be known.
@Suite struct UnmeasuredMetricsTests {
    private func job(
        _ task: ModelSpecification.Task, _ metrics: [Metric], target: Metric? = nil, gate: [Metric] = [],
        outputs: Int = 1
    ) -> JobSpecification {
        func bound(_ metric: Metric) -> EvaluateSpecification.Bound {
            .init(metric: metric, comparison: .atLeast, value: 0.5)
        }
        return JobSpecification(
            name: "a",
            model: ModelSpecification(family: .sequential, task: task, input: [2], outputs: outputs),
            data: DataSpecification(path: "a", target: "y", split: .init(train: 0.5, validation: 0.3, test: 0.2)),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(name: .sgd, learningRate: 1), batchSize: 1, epochs: 1,
                stop: .init(target: target.map(bound))),
            evaluate: EvaluateSpecification(metrics: metrics, gate: gate.map(bound)))
    }

    private func plan(
        validation: (rows: Int, classes: Int?) = (0, nil), test: (rows: Int, classes: Int?)
    ) -> DataPlan {
        DataPlan(
            digest: ContentDigest(of: []), rows: 100,
            preprocessing: Preprocessing(
                features: [], target: .init(name: "y", column: 0, kind: .number), fileColumns: 1, offsets: [],
                scales: []), trainingRows: 50, validationRows: validation.rows, testRows: test.rows, training: [],
            validation: [], test: [], validationClasses: validation.classes, testClasses: test.classes)
    }

    private func told(_ job: JobSpecification, _ plan: DataPlan) -> [String] {
        job.unmeasured(on: plan).map { "\($0.key): \($0.message)" }
    }

    @Test func oneClassHasNoAreaUnderTheCurve() {
        let asked = job(.binary, [.accuracy, .auc], target: .auc, gate: [.auc])
        #expect(
            told(asked, plan(validation: (12, 1), test: (20, 2))) == [
                "train.stop.target: auc cannot be measured on the validation part, so the target is never met: all of its "
                    + "rows are of one class, and two are the least",
                "evaluate.metrics: auc cannot be measured on the validation part: all of its rows are of one class, and two are "
                    + "the least",
            ])
        #expect(told(job(.binary, [.auc]), plan(test: (20, 2))) == [])
        #expect(
            told(job(.binary, [.auc], gate: [.auc]), plan(test: (20, 1))) == [
                "evaluate.gate: auc cannot be measured on the test part: all of its rows are of one class, and two are the least"
            ])
        #expect(told(job(.binary, [.accuracy]), plan(test: (20, 1))) == [])
        #expect(
            told(job(.binary, [.auc, .loss]), plan(test: (3, 0))) == [
                "evaluate.metrics: auc cannot be measured on the test part: none of its rows has a label",
                "evaluate.metrics: loss cannot be measured on the test part: none of its rows has a label",
            ])
        #expect(told(job(.classification, [.auc], outputs: 50), plan(test: (100_000, 50))).count == 1)
    }

    @Test func oneRowHasNoSpread() {
        #expect(
            told(job(.regression, [.mse, .r2]), plan(test: (1, nil))) == [
                "evaluate.metrics: r2 cannot be measured on the test part: it has one row, and two are the least"
            ])
        #expect(told(job(.regression, [.mse, .r2]), plan(test: (2, nil))) == [])
    }

    /// What the plan could not know is told of the finished job, once.
    @Test func figuresThatAreMissingInTheEndAreTold() {
        let asked = job(.binary, [.accuracy, .auc, .loss])
        #expect(asked.unmeasured(in: ["accuracy": 1, "auc": 1, "loss": 0], foretold: []) == [])
        let missing = asked.unmeasured(in: ["accuracy": 1, "loss": 0], foretold: ["odd"])
        #expect(
            missing == [
                "evaluate.metrics: auc could not be measured on the test part, as it takes rows of two classes, outputs that "
                    + "are numbers, and at most 4194304 of them"
            ])
        let foretold = told(asked, plan(test: (20, 1)))
        #expect(asked.unmeasured(in: ["accuracy": 1, "loss": 0], foretold: foretold) == [])
    }
}
