import Datasets
import Foundation
import NeuralNetworks
import Testing
import Training

@Suite struct JobFileTests {
    @Test func everyKey() throws {
        let folder = try JobFolder(
            """
            name: digits
            model: { family: mlp, task: classification, input: [1, 8, 8], classes: 10, hidden: [64, 32],
              activation: tanh, dropout: 0.25, bias: false }
            data: { path: ../data/digits.csv, format: csv, target: label, features: [a, b],
              split: { train: 0.7, validation: 0.1, test: 0.2, stratify: true }, normalize: standard }
            train: { optimizer: { name: adamw, learning_rate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-7,
              weight_decay: 0.1 }, batch_size: 32, epochs: 20, seed: 7, workers: 2, slices: 8,
              stop: { patience: 3, steps: 1000 } }
            evaluate: { metrics: [accuracy], gate: { loss: "< 0.5", accuracy: ">= 0.97" }, top_k: 3 }
            """)
        let job = try folder.load()
        let path = folder.url.deletingLastPathComponent().deletingLastPathComponent().appending(path: "data/digits.csv")
        let expected = JobSpecification(
            name: "digits",
            model: ModelSpecification(
                family: .mlp, task: .classification, input: [1, 8, 8], outputs: 10,
                layers: [
                    .linear(outputs: 64, bias: true), .tanh, .dropout(probability: 0.25),
                    .linear(outputs: 32, bias: true), .tanh, .dropout(probability: 0.25),
                ], bias: false),
            data: DataSpecification(
                path: path.path(percentEncoded: false), target: "label", features: ["a", "b"],
                split: .init(train: 0.7, validation: 0.1, test: 0.2, stratify: true), normalize: .standard),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(
                    name: .adamw, learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-7, weightDecay: 0.1),
                batchSize: 32, epochs: 20, seed: 7, workers: 2, slices: 8, stop: .init(patience: 3, steps: 1000)),
            evaluate: EvaluateSpecification(
                metrics: [.accuracy, .loss],
                gate: [
                    .init(metric: .loss, comparison: .below, value: 0.5),
                    .init(metric: .accuracy, comparison: .atLeast, value: 0.97),
                ], topK: 3))
        #expect(job == expected)
    }

    @Test func defaults() throws {
        let job = try JobFolder(jobText()).load()
        #expect(job.model.task == .classification)
        #expect(job.model.layers == [.linear(outputs: 32, bias: true), .relu])
        #expect(job.data.split == .init(train: 0.8, test: 0.2))
        #expect(job.data.normalize == DataSpecification.Normalization.none)
        #expect(job.train.optimizer == OptimizerSpecification(name: .adam, learningRate: 0.001))
        #expect(job.train.seed == 0 && job.train.workers == 1 && job.train.slices == 4)
        #expect(job.train.stop == .init())
        #expect(job.evaluate == EvaluateSpecification(metrics: [.accuracy, .precision, .recall, .f1, .loss]))
    }

    @Test func overridesAndWorkers() throws {
        let folder = try JobFolder(jobText())
        let job = try folder.load(
            overrides: ["train.epochs=9", "train.stop.patience=2", "train.workers=3", "name=other"],
            workers: 6)
        #expect(job.train.epochs == 9 && job.train.stop.patience == 2 && job.name == "other")
        #expect(job.train.workers == 6 && job.train.slices == 6)
        #expect(
            folder.problems(workers: 0)
                == ["--workers 0: train.workers: expected an integer from 1 to 1024, found '0'"])
        #expect(
            folder.problems(overrides: ["train.epoch=3"])
                == [
                    "--set train.epoch=3: train.epoch: unknown key: known are loss, optimizer, schedule, clip, batch_size, accumulate, epochs, precision, seed, workers, slices, stop, guard"
                ])
    }

    /// The number of slices decides which bytes come out, so it must not depend on the workers up to four.
    @Test func oneToFourWorkersGiveTheSameSlices() throws {
        let folder = try JobFolder(jobText())
        #expect(try (1...4).map { try folder.load(workers: $0).train.slices } == [4, 4, 4, 4])
        let tiny = try JobFolder(jobText(train: "{ optimizer: adam, batch_size: 2, epochs: 1 }"))
        #expect(try (1...2).map { try tiny.load(workers: $0).train.slices } == [2, 2])
    }

    @Test func theErrorNamesFileLineKeyAndTheNearestKey() throws {
        let folder = try JobFolder(
            """
            name: digits
            model:
              family: mpl
              input: 64
            data:
              path: digits.csv
              traget: label
            train:
              optimizer: { name: sgd, momentum: 0.9 }
              batchsize: 64
              epochs: 0
            """)
        #expect(
            folder.problems() == [
                "3:11: model.family: expected one of linear, logistic, mlp, cnn, resnet-small, rnn, lstm, gru, transformer, gpt, sequential, found 'mpl': did you mean 'mlp'?",
                "6:3: data: the key 'target' is missing: expected text",
                "7:3: data.traget: unknown key: did you mean 'target'?",
                "9:3: train: the key 'batch_size' is missing: expected an integer from 1 to 16777216",
                "9:14: train.optimizer: the key 'learning_rate' is missing: expected a number above 0.0",
                "9:27: train.optimizer.momentum: unknown key: known are name, learning_rate, weight_decay, decoupled, decay_exclude",
                "10:3: train.batchsize: unknown key: did you mean 'batch_size'?",
                "11:11: train.epochs: expected an integer from 1 to 1000000000, found '0'",
            ])
    }

    @Test func missingSections() throws {
        #expect(
            try JobFolder("name: a").problems() == [
                "1:1: the key 'model' is missing: expected a mapping with the family, the input, …",
                "1:1: the key 'data' is missing: expected a mapping with the path, the target, …",
                "1:1: the key 'train' is missing: expected a mapping with the optimizer, batch_size, epochs, …",
            ])
    }

    @Test(arguments: ["\"\"", "a:b", "a/b", "-a", "ä", String(repeating: "a", count: 65), "\"a b\""])
    func badNames(name: String) throws {
        let found = try JobFolder(jobText(name: name)).problems()
        let text = name.filter { $0 != "\"" }
        let shown = text.count > 64 ? "'\(text.prefix(60)) …' (\(text.count) bytes)" : "'\(text)'"
        #expect(
            found == [
                "1:7: name: the name is \(shown), expected 1 to 64 letters, digits, '-', '_' or '.', beginning with a "
                    + "letter or digit"
            ])
    }

    @Test(arguments: [
        (
            "{ optimizer: adam, batch_size: 2, epochs: 1, workers: 3 }",
            "batch_size: a batch of 2 rows cannot be cut into 3 slices: each needs a row"
        ),
        (
            "{ optimizer: adam, batch_size: 64, epochs: 1, workers: 8, slices: 4 }",
            "slices: 4 slices cannot keep 8 workers busy: each needs at least one"
        ),
        (
            "{ optimizer: sgd, batch_size: 8, epochs: 1 }",
            "optimizer: sgd needs a rate: { name: sgd, learning_rate: 0.1 }"
        ),
        (
            "{ optimizer: { name: adam, learning_rate: 0 }, batch_size: 8, epochs: 1 }",
            "optimizer.learning_rate: expected a number above 0.0, found '0'"
        ),
        (
            "{ optimizer: adam, batch_size: 8, epochs: 1, stop: { patience: 0 } }",
            "stop.patience: expected an integer from 1 to 1000000000, found '0'"
        ),
        (
            "{ optimizer: adma, batch_size: 8, epochs: 1 }",
            "optimizer: expected one of gradient_descent, sgd, momentum, nesterov, rmsprop, adagrad, adam, adamw, found 'adma': did you mean 'adam'?"
        ),
    ])
    func badTraining(train: String, problem: String) throws {
        let problems = try JobFolder(jobText(train: train)).problems()
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix(": train.\(problem)") == true, "\(problems)")
    }

    @Test(arguments: [
        (
            "{ path: a, target: y, split: { train: 0.5, test: 0.4 } }",
            "split: train, validation and test must add up to 1, they add up to 0.9"
        ),
        ("{ path: a, target: y, features: [x, y] }", "features: 'y' is the target, which cannot be a feature too"),
        ("{ path: a, target: y, features: [x, x] }", "features: 'x' is named twice"),
        (
            "{ path: a, target: y, normalize: minmax }",
            "normalize: expected one of none, standard, min_max, robust, found 'minmax': did you mean 'min_max'?"
        ),
        (
            "{ path: a, target: y, format: tsv }",
            "format: expected one of csv, jsonl, npy, npz, idx, images, text, found 'tsv': did you mean 'csv'?"
        ),
    ])
    func badData(data: String, problem: String) throws {
        let problems = try JobFolder(jobText(data: data)).problems()
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix(": data.\(problem)") == true, "\(problems)")
    }

    @Test(arguments: [
        (
            "{ metrics: [r2] }",
            "metrics[0]: 'r2' has no meaning for classification, expected one of loss, accuracy, top_k, precision, recall, f1, precision_macro, recall_macro, f1_macro, precision_micro, recall_micro, f1_micro, precision_weighted, recall_weighted, f1_weighted, auc, log_loss, perplexity, calibration_error"
        ),
        ("{ metrics: [acuracy] }", "did you mean 'accuracy'?"),
        ("{ metrics: [accuracy, loss, accuracy] }", "evaluate.metrics[2]: 'accuracy' is named twice"),
        ("{ top_k: 11 }", "evaluate.top_k: expected at most 10, the number of classes, found '11'"),
        ("{ metrics: [top_k], top_k: 0 }", "evaluate.top_k: expected an integer from 1 to 1048576, found '0'"),
        (
            "{ gate: { exactness: \">= 1\" } }",
            "gate.exactness: unknown key: known are loss, accuracy, top_k, precision, recall, f1, precision_macro, recall_macro, f1_macro, precision_micro, recall_micro, f1_micro, precision_weighted, recall_weighted, f1_weighted, auc, log_loss, perplexity, calibration_error, mse, rmse, mae, r2"
        ),
        (
            "{ gate: { mse: \"< 1\" } }",
            "expected one of loss, accuracy, top_k, precision, recall, f1, precision_macro, recall_macro, f1_macro, precision_micro, recall_micro, f1_micro, precision_weighted, recall_weighted, f1_weighted, auc, log_loss, perplexity, calibration_error"
        ),
        (
            "{ gate: { accuracy: 0.9 } }",
            "gate.accuracy: expected a bound such as \">= 0.97\" with >=, <=, > or <, found '0.9'"
        ),
        ("{ gate: { accuracy: \">= 1.5\" } }", "no model reaches '>= 1.5': accuracy is from 0.0 to 1.0"),
        ("{ gate: { f1: \"> 1\" } }", "no model reaches '> 1': f1 is from 0.0 to 1.0"),
        ("{ gate: { calibration_error: \"< 0\" } }", "no model reaches '< 0': calibration_error is from 0.0 to 1.0"),
        ("{ gate: { log_loss: \"<= -1\" } }", "no model reaches '<= -1': log_loss is at least 0.0"),
        ("{ gate: { perplexity: \"< 1\" } }", "no model reaches '< 1': perplexity is at least 1.0"),
        ("{ gate: { accuracy: \"=> 0.9\" } }", "with >=, <=, > or <, found '=> 0.9'"),
    ])
    func badEvaluation(evaluate: String, problem: String) throws {
        let problems = try JobFolder(jobText(evaluate: evaluate)).problems()
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix(problem) == true, "\(problems)")
    }

    @Test func whatTheBestModelReachesMayBeAskedFor() throws {
        let gate = "{ gate: { accuracy: \">= 1\", log_loss: \"<= 0\", perplexity: \"<= 1\", loss: \"< -1\" } }"
        #expect(try JobFolder(jobText(evaluate: gate)).problems() == [])
    }

    /// A result that is right whatever the model says is none.
    @Test(arguments: [
        ("{ top_k: 10 }", []), ("{ metrics: [top_k] }", []), ("{ metrics: [top_k], top_k: 9 }", []),
        (
            "{ metrics: [top_k], top_k: 10 }",
            ["evaluate.top_k: of 10 classes the right one is always among 10: expected evaluate.top_k below 10"]
        ),
    ]) func allClassesAreNoResult(_ evaluate: String, _ expected: [String]) throws {
        let model = "{ family: mlp, input: 64, classes: 10, hidden: [32] }"
        let problems = try JobFolder(jobText(model: model, evaluate: evaluate)).problems()
        #expect(problems.map { $0.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? $0 } == expected)
        let few = "{ family: mlp, input: 64, classes: 3, hidden: [32] }"
        let gate = "{ gate: { top_k: '>= 0.9' } }"
        #expect(
            try JobFolder(jobText(model: few, evaluate: gate)).problems().first?.hasSuffix(
                "evaluate.gate: of 3 classes the right one is always among 5: expected evaluate.top_k below 3") == true)
    }

    @Test func stratifyingNumbersIsRefused() throws {
        let text = jobText(
            model: "{ family: linear, input: 3 }",
            data: "{ path: a, target: y, split: { train: 0.5, test: 0.5, stratify: true } }")
        #expect(
            try JobFolder(text).problems() == [
                "3:7: data: split.stratify needs classes, but the model's task is regression"
            ])
    }

    /// One slip is one error: nothing is held against what a wrong value stood for.
    @Test(arguments: [
        (
            "{ family: mpl, input: 64, classes: 10, hidden: [32] }",
            "{ optimizer: adam, batch_size: 64, epochs: 5, loss: cross_entropy, stop: { target: { accuracy: '> 0.9' } } }",
            "model.family"
        ),
        (
            "{ family: mlp, task: clasification, input: 64, classes: 10, hidden: [32] }",
            "{ optimizer: adam, batch_size: 64, epochs: 5, loss: { name: cross_entropy, label_smoothing: 0.1 } }",
            "model.task"
        ),
        (
            "{ family: mlp, task: regresion, input: 64, outputs: 2, hidden: [32] }",
            "{ optimizer: adam, batch_size: 64, epochs: 5, loss: { label_smoothing: 0.1 } }", "model.task"
        ),
        (
            "{ family: mlp, input: 64, classes: ten, hidden: [32] }",
            "{ optimizer: adam, batch_size: 64, epochs: 5, loss: { name: cross_entropy, class_weights: [1, 2, 3] } }",
            "model.classes"
        ),
        (
            "{ family: mlp, input: 64, classes: 10, hidden: [32] }",
            "{ optimizer: { name: adm, beta1: 0.5 }, batch_size: 64, epochs: 5 }", "train.optimizer.name"
        ),
        (
            "{ family: mlp, input: 64, classes: 10, hidden: [32] }",
            "{ optimizer: adam, batch_size: 64, epochs: 5, schedule: { name: cosin, minimum: 0.1 } }",
            "train.schedule.name"
        ),
    ])
    func aSlipIsOneError(model: String, train: String, key: String) throws {
        let text = jobText(model: model, train: train, evaluate: "{ metrics: [accuracy, f1] }")
        let found = try JobFolder(text).problems()
        #expect(found.count == 1 && found[0].contains(": \(key): "), "\(found)")
    }

    @Test func aWrongFormatIsOneError() throws {
        let data = "{ path: x, format: imags, images: { channels: grey } }"
        let found = try JobFolder(jobText(data: data)).problems()
        #expect(found.count == 1 && found[0].contains(": data.format: "), "\(found)")
    }
}
