import Datasets
import NeuralNetworks
import Testing

@testable import Training

@Suite struct JobValidationTests {
    /// "rule path" of each warning. Paths count the flatten that the family cnn puts before its first linear layer.
    private func warnings(
        model: String, train: String = "{ optimizer: adam, batch_size: 64, epochs: 5 }", data: DataFacts? = nil
    ) throws -> [String] {
        let job = try JobFolder(jobText(model: model, train: train)).load()
        return JobValidation.warnings(for: job, data: data).map { "\($0.rule) \($0.path)" }
    }

    private func sequential(_ layers: String, task: String = "classification", more: String = "") -> String {
        let classes = task == "classification" ? "classes: 10," : ""
        return "{ family: sequential, input: 64, task: \(task), \(classes) \(more) layers: [\(layers)] }"
    }

    @Test func whatIsUsualDrawsNoWarning() throws {
        #expect(try warnings(model: "{ family: mlp, input: 64, classes: 10, hidden: [32, 16] }") == [])
        #expect(try warnings(model: "{ family: linear, input: 64 }") == [])
        #expect(try warnings(model: "{ family: cnn, input: [1, 8, 8], classes: 10, channels: [4], hidden: [8] }") == [])
        #expect(try warnings(model: sequential("linear: 32, relu, dropout: 0.5, linear: 10")) == [])
    }

    @Test func aModelOfWhichNothingIsLearnedIsTold() throws {
        func mlp(_ freeze: String) -> String {
            "{ family: mlp, input: 64, classes: 10, hidden: [32], freeze: [\(freeze)] }"
        }
        #expect(try warnings(model: mlp("'*'")) == ["nothing-learned model.freeze"])
        #expect(try warnings(model: mlp("'*.weight', '*.bias'")) == ["nothing-learned model.freeze"])
        #expect(try warnings(model: mlp("'*.weight'")) == [])
    }

    @Test(arguments: [
        ("'*'", "nothing is learned and the model stays as it starts"),
        ("'*.weight', '*.bias'", "no parameter is learned and only the statistics of batch_norm move"),
    ])
    func statisticsThatMoveAreTold(freeze: String, outcome: String) throws {
        let model = sequential("linear: 32, batch_norm, relu, linear: 10", more: "freeze: [\(freeze)],")
        let warnings = JobValidation.warnings(for: try JobFolder(jobText(model: model)).load(), data: nil)
        #expect(
            warnings.filter { $0.rule == "nothing-learned" }.map(\.message) == [
                "all parameters are frozen, so \(outcome): leave out those that are to be learned"
            ])
    }

    @Test(arguments: ["linear: 32, relu, linear: 10, softmax", "linear: 32, relu, linear: 10, softmax, dropout: 0.1"])
    func softmaxBeforeALossOnLogits(layers: String) throws {
        #expect(try warnings(model: sequential(layers)) == ["softmax-before-logits model.layers[3]"])
    }

    @Test func aLossOnProbabilitiesNeedsThem() throws {
        let train = "{ optimizer: adam, loss: cross_entropy_on_probabilities, batch_size: 64, epochs: 5 }"
        #expect(try warnings(model: sequential("linear: 32, relu, linear: 10, softmax"), train: train) == [])
        #expect(
            try warnings(model: sequential("linear: 32, relu, linear: 10"), train: train)
                == ["loss-on-probabilities train.loss"])
        let binary = "{ optimizer: adam, loss: binary_cross_entropy_on_probabilities, batch_size: 64, epochs: 5 }"
        let sigmoid = sequential("linear: 1, sigmoid", task: "binary")
        #expect(try warnings(model: sigmoid, train: binary) == [])
        #expect(
            try warnings(model: sequential("linear: 1", task: "binary"), train: binary)
                == ["loss-on-probabilities train.loss"])
    }

    @Test func languageModelsDrawNoWarning() throws {
        for tied in [true, false] {
            let model = "{ family: gpt, input: [8], vocabulary: 20, width: 8, heads: 2, layers: 1, tied: \(tied) }"
            #expect(try warnings(model: model) == [])
        }
    }

    @Test func sigmoidBeforeALossOnLogits() throws {
        let model = sequential("linear: 1, sigmoid", task: "binary")
        #expect(try warnings(model: model) == ["softmax-before-logits model.layers[1]"])
        // A sigmoid between layers is an activation like others.
        #expect(try warnings(model: sequential("linear: 9, sigmoid, linear: 10")) == [])
    }

    @Test func softmaxBeforeTheHead() throws {
        let model = "{ family: cnn, input: [1, 8, 8], classes: 10, layers: [conv: 4, relu, linear: 20, softmax] }"
        #expect(try warnings(model: model) == ["softmax-before-logits model.layers[4]"])
    }

    @Test func twoLinearLayersWithoutAnActivationBetween() throws {
        #expect(try warnings(model: sequential("linear: 20, linear: 10")) == ["no-activation-between model.layers[0]"])
        #expect(
            try warnings(model: sequential("linear: 20, dropout: 0.5, linear: 15, relu, linear: 10"))
                == ["no-activation-between model.layers[0]"])
        let beforeHead = "{ family: cnn, input: [1, 8, 8], classes: 10, layers: [conv: 4, relu, linear: 20] }"
        #expect(try warnings(model: beforeHead) == ["no-activation-between model.layers[3]"])
        let convolutions = "{ family: cnn, input: [1, 8, 8], classes: 10, layers: [conv: 4, conv: 4, max_pool: 2] }"
        #expect(try warnings(model: convolutions) == ["no-activation-between model.layers[0]"])
    }

    @Test func containersAreLookedInto() throws {
        #expect(
            try warnings(model: sequential("residual: [linear: 64, linear: 64], relu, linear: 10"))
                == ["no-activation-between model.layers[0].residual.layers[0]"])
        #expect(
            try warnings(model: sequential("sequential: [linear: 64], linear: 10"))
                == ["no-activation-between model.layers[0].sequential.layers[0]"])
    }

    @Test func aHeadThatIsThereTwice() throws {
        let model = "{ family: cnn, input: [1, 8, 8], classes: 10, layers: [conv: 4, relu, linear: 10] }"
        #expect(
            try warnings(model: model) == ["no-activation-between model.layers[3]", "head-written-out model.layers[3]"])
    }

    /// What cannot be built is no warning but an error of the job file.
    @Test func aHeadOfAnotherWidthThanTheClassesIsRefused() throws {
        let problems = try JobFolder(jobText(model: sequential("linear: 8"))).problems()
        #expect(problems.count == 1 && problems[0].contains("must have 10 outputs"))
    }

    @Test func aSequenceLongerThanThePositionsIsRefused() throws {
        func job(positions: Int) throws -> JobFolder {
            try JobFolder(
                jobText(
                    model: "{ family: sequential, input: [\(positions), 4], classes: 10, "
                        + "layers: [learned_positions: 32, mean_positions, linear: 10] }"))
        }
        let problems = try job(positions: 33).problems()
        #expect(problems.count == 1 && problems[0].contains("layers[0] (learned_positions)"))
        #expect(problems.first?.contains("at most 32 positions") == true)
        #expect(try job(positions: 32).load().model.input == [32, 4])
    }

    @Test func targetsThatTheLastLayerNeverGives() throws {
        let model = sequential("linear: 1, sigmoid", task: "regression")
        let wide = DataFacts(trainingRows: 100, targetRange: -3...250)
        #expect(try warnings(model: model, data: wide) == ["target-out-of-range model.layers[1]"])
        #expect(try warnings(model: model, data: DataFacts(trainingRows: 100, targetRange: 0...1)) == [])
        #expect(try warnings(model: model) == [])
        let relu = sequential("linear: 1, relu", task: "regression")
        #expect(try warnings(model: relu, data: wide) == ["target-out-of-range model.layers[1]"])
        #expect(try warnings(model: relu, data: DataFacts(trainingRows: 100, targetRange: 0...900)) == [])
        #expect(try warnings(model: "{ family: linear, input: 64 }", data: wide) == [])
    }

    @Test(arguments: [
        ("{ name: adam, learning_rate: 0.5 }", true), ("{ name: adam, learning_rate: 0.001 }", false),
        ("{ name: adamw, learning_rate: 1e-9 }", true), ("{ name: sgd, learning_rate: 0.5 }", false),
        ("{ name: sgd, learning_rate: 50 }", true), ("{ name: momentum, learning_rate: 1e-8 }", true),
    ])
    func learningRates(optimizer: String, isUnusual: Bool) throws {
        let found = try warnings(
            model: "{ family: mlp, input: 64, classes: 10, hidden: [8] }",
            train: "{ optimizer: \(optimizer), batch_size: 64, epochs: 5 }")
        #expect(found == (isUnusual ? ["learning-rate train.optimizer.learning_rate"] : []))
    }

    @Test func ratesOfARegressionAreInTheUnitsOfItsTarget() throws {
        let train = "{ optimizer: { name: adam, learning_rate: 1 }, batch_size: 64, epochs: 5 }"
        #expect(try warnings(model: "{ family: linear, input: 64 }", train: train) == [])
    }

    @Test func normalisationIsFittedOnTheTrainingPartOnly() throws {
        let all = "{ path: d.csv, target: t, normalize: { name: standard, fit: all } }"
        let problems = try JobFolder(jobText(data: all)).problems()
        #expect(problems.count == 1)
        #expect(
            problems[0].hasPrefix("3:") && problems[0].contains("data.normalize.fit: normalisation is fitted on the"))
        let train = "{ path: d.csv, target: t, normalize: { name: standard, fit: train } }"
        #expect(try JobFolder(jobText(data: train)).load().data.normalize == .standard)
    }

    @Test func everyRuleHasANameOfItsOwn() {
        let names = JobValidation.rules.map { $0.name }
        #expect(Set(names).count == names.count)
    }
}
