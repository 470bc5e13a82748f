import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct JobFileTrainTests {
    private func train(_ keys: String, model: String? = nil) throws -> TrainSpecification {
        try folder(keys, model: model).load().train
    }

    private func folder(_ keys: String, model: String? = nil) throws -> JobFolder {
        let batch = keys.contains("gradient_descent") || keys.contains("batch_size") ? "" : "batch_size: 64, "
        let optimizer = keys.contains("optimizer:") ? "" : "optimizer: adam, "
        let text = "{ \(optimizer)\(batch)epochs: 5, \(keys) }"
        let data = "{ path: digits.csv, target: label, split: { train: 0.7, validation: 0.1, test: 0.2 } }"
        return try JobFolder(
            model.map { jobText(model: $0, data: data, train: text) } ?? jobText(data: data, train: text))
    }

    private static let regression = "{ family: mlp, task: regression, input: 64, hidden: [32] }"
    private static let binary = "{ family: logistic, input: 64 }"

    @Test func everyKey() throws {
        let train = try train(
            """
            loss: { name: cross_entropy, reduction: sum, label_smoothing: 0.1,
              class_weights: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] },
            optimizer: { name: rmsprop, learning_rate: 0.02, alpha: 0.9, epsilon: 1e-6, momentum: 0.5,
              weight_decay: 0.1, decoupled: true, decay_exclude: ["*.bias", "2"] },
            schedule: { name: cosine, minimum: 1e-5, steps: 500, warmup_steps: 50, warmup_start: 0.1 },
            clip: { norm: 1, value: 0.5 }, accumulate: 4, precision: bf16,
            stop: { patience: 3, steps: 1000, seconds: 60, tolerance: 1e-6, target: { accuracy: ">= 0.98" } },
            guard: { loss_factor: 5, gradient_factor: 10, max_skips: 3 }
            """)
        #expect(
            train
                == TrainSpecification(
                    loss: Loss(
                        .crossEntropy, reduction: .sum, labelSmoothing: 0.1,
                        classWeights: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]),
                    optimizer: OptimizerSpecification(
                        name: .rmsprop, learningRate: 0.02, momentum: 0.5, alpha: 0.9, epsilon: 1e-6, weightDecay: 0.1,
                        isDecoupled: true, decayExclusions: ["*.bias", "2"]),
                    schedule: .init(.cosine(minimum: 1e-5, steps: 500), warmUp: .init(steps: 50, startFactor: 0.1)),
                    clipping: .init(norm: 1, value: 0.5), batchSize: 64, accumulation: 4, epochs: 5, precision: .bf16,
                    stop: .init(
                        patience: 3, steps: 1000, seconds: 60, tolerance: 1e-6,
                        target: .init(metric: .accuracy, comparison: .atLeast, value: 0.98)),
                    spikeGuard: .init(lossFactor: 5, gradientFactor: 10, maximumSkips: 3)))
    }

    @Test func inShort() throws {
        #expect(try train("loss: mae", model: Self.regression).loss == Loss(.absoluteError))
        #expect(try train("loss: { delta: 2, name: huber }", model: Self.regression).loss == Loss(.huber, delta: 2))
        #expect(
            try train("loss: { class_weights: [1, 5] }", model: Self.binary).loss
                == Loss(.binaryCrossEntropy, classWeights: [1, 5]))
        #expect(try train("schedule: linear").schedule == .init(.linear(endFactor: 0, steps: nil)))
        #expect(
            try train("schedule: { warmup_steps: 9 }").schedule
                == .init(.constant, warmUp: .init(steps: 9, startFactor: 0.01)))
        #expect(
            try train("schedule: { name: reduce_on_plateau, patience: 2 }").schedule
                == .init(.reduceOnPlateau(PlateauRule(patience: 2))))
        #expect(try train("optimizer: adagrad").optimizer == .init(name: .adagrad, learningRate: 0.01))
        #expect(try train("guard: {}").spikeGuard == .init())
    }

    @Test func theBatchOfFullDescentIsAllRows() throws {
        let train = try train("optimizer: { name: gradient_descent, learning_rate: 0.01 }, workers: 2")
        #expect(train.batchSize == nil && train.slices == 4)
    }

    @Test(arguments: [
        (
            "loss: mse",
            "loss: 'mse' has no meaning for classification, expected one of cross_entropy, "
                + "cross_entropy_on_probabilities"
        ),
        (
            "loss: { name: cross_entropy, delta: 1 }",
            "loss.delta: unknown key: known are name, reduction, "
                + "label_smoothing, class_weights"
        ),
        (
            "loss: { class_weights: [1, 2] }",
            "loss.class_weights: expected a number for each of the 10 classes, found 2"
        ),
        ("loss: { label_smoothing: 1 }", "loss.label_smoothing: expected a number from 0.0 to below 1.0, found '1'"),
        ("schedule: step", "schedule: step needs to know when: { name: step, every: 1000, factor: 0.1 }"),
        (
            "schedule: { name: cosine, every: 3 }",
            "schedule.every: unknown key: known are name, minimum, steps, "
                + "warmup_steps"
        ),
        ("clip: { norm: 0 }", "clip.norm: expected a number above 0.0, found '0'"),
        ("accumulate: 0", "accumulate: expected an integer from 1 to 1048576, found '0'"),
        (
            "stop: { target: { r2: \"> 0.5\" } }",
            "stop.target.r2: 'r2' has no meaning for classification, expected one "
                + "of loss, accuracy, top_k, precision, recall, f1, precision_macro, recall_macro, f1_macro, "
                + "precision_micro, recall_micro, f1_micro, precision_weighted, recall_weighted, f1_weighted, auc, "
                + "log_loss, perplexity, calibration_error"
        ),
        (
            "stop: { target: { accuracy: \"> 0.5\", f1: \"> 0.5\" } }",
            "stop.target: expected one metric with its bound, "
                + "such as { accuracy: \">= 0.98\" }"
        ),
        ("guard: { loss_factor: 0.5 }", "guard.loss_factor: expected a number above 1.0, found '0.5'"),
        (
            "optimizer: { name: gradient_descent, learning_rate: 0.1 }, batch_size: 4",
            "batch_size: gradient_descent takes all training rows at once; for batches use the optimizer sgd"
        ),
        (
            "optimizer: { name: adam, decay_exclude: [\"*.bais\"] }",
            "optimizer.decay_exclude: '*.bais' names no parameter, there are 0.weight, 0.bias, 2.weight, 2.bias"
        ),
        (
            "optimizer: { name: adamw, decoupled: true }",
            "optimizer.decoupled: unknown key: known are name, "
                + "learning_rate, beta1, beta2, epsilon, weight_decay, decay_exclude"
        ),
    ])
    func mistakes(_ keys: String, _ problem: String) throws {
        let problems = try folder(keys).problems()
        #expect(problems.count == 1 && problems[0].hasSuffix("train." + problem), "\(problems)")
    }
}
