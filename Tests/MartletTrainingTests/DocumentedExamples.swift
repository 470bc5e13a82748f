import Foundation
import MartletTraining

/// The examples of the documentation, one function each: its body is the code that stands there. What an example is
/// about, but does not make, are the function's parameters.
enum DocumentedExamples {
    static func trainer() async throws {
        struct Line: Model {
            let layer = Layers(.linear(outputs: 1))

            func callAsFunction(_ input: Value) -> Value { layer(input) }
        }

        let inputs = (0..<100).map { Float($0) / 50 - 1 }
        let data = TrainingData.arrays(features: inputs.map { [$0] }, targets: inputs.map { 3 * $0 + 1 }, test: 0.2)
        let trainer = try Trainer(
            Line(), input: [1], data: data, loss: .meanSquaredError, optimizer: .adam(learningRate: 0.05),
            batchSize: 16, epochs: 40, seed: 7)
        let result = try await trainer.run()
        print(try result.predict([[0.5]]))
    }

    static func trainerProgress(_ trainer: Trainer) async throws {
        let result = try await trainer.run { progress in
            guard progress.step == progress.steps else { return }
            print("epoch \(progress.epoch) of \(progress.epochs): loss \(progress.loss)")
        }
        print("ended by \(result.stopped)")
    }

    static func trainerError(_ trainer: Trainer) async throws {
        do {
            let result = try await trainer.run()
            print(result.metrics)
        } catch TrainerError.data(let problem) {
            print("the rows do not fit the model: \(problem)")
        }
    }

    static func trainingGroup(_ model: some Model, _ data: TrainingData, _ file: URL) async throws {
        let group = try await TrainingGroup.fromEnvironment()
        let trainer = try Trainer(
            model, input: [2], data: data, loss: .meanSquaredError, batchSize: 32, epochs: 5, group: group)
        let result = try await trainer.run()
        if group.rank == 0 { try result.save(to: file) }
    }

    static func trainingData(_ model: some Model, _ folder: URL) async throws {
        let file = folder.appending(path: "houses.csv")
        let houses = TrainingData.csv(file.path, target: "price", features: ["rooms", "area"])
        let trainer = try Trainer(
            model, input: [2], data: houses, loss: .meanSquaredError, batchSize: 32, epochs: 5)
        let result = try await trainer.run()
        print(result.metrics["mae"] ?? 0)
    }

    static func trainingDataArrays(_ model: some Model) async throws {
        let exclusiveOr = TrainingData.arrays(
            features: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [0, 1, 1, 0])
        let trainer = try Trainer(
            model, input: [2], data: exclusiveOr, loss: .binaryCrossEntropyOnLogits, batchSize: 4, epochs: 5)
        let result = try await trainer.run()
        print(try result.predict([[0, 1]]))
    }

    static func trainingResult(_ trainer: Trainer, _ file: URL) async throws {
        let result = try await trainer.run()
        for record in result.curve { print("epoch \(record.epoch): loss \(record.trainingLoss)") }
        for name in result.parameterNames {
            if let (values, shape) = result.parameter(name) { print(name, shape, values.first ?? 0) }
        }
        try result.save(to: file)
    }

    static func predictor(_ model: some Model, _ file: URL) throws {
        let predictor = try Predictor(model, input: [2], loss: .meanSquaredError, parameters: file)
        for outputs in try predictor.predict([[0.25, 1], [0.5, 2]]) { print(outputs[0]) }
    }

    static func optimizers(_ model: some Model, _ data: TrainingData) throws {
        let trainer = try Trainer(
            model, input: [2], data: data, loss: .meanSquaredError,
            optimizer: .momentum(learningRate: 0.1, weightDecay: 1e-4), batchSize: 32, epochs: 5)
        print(trainer.parameterCount)
    }

    static func model() throws {
        struct Towers: Model {
            let left = Layers(.linear(outputs: 8), .tanh)
            let right = Layers(.linear(outputs: 8), .tanh)
            let head = Layers(.linear(outputs: 1))

            func callAsFunction(_ input: Value) -> Value {
                let parts = input.split(2, 3)
                return head(left(parts[0]) * right(parts[1]))
            }
        }

        let network = try Network(Towers(), input: [5], task: .regression)
        print(network.inputCount, network.outputCount)
    }

    static func layers() throws {
        struct Classifier: Model {
            let encoder = Layers(.linear(outputs: 32), .relu)
            let blocks = (0..<2).map { _ in Layers(.linear(outputs: 32), .relu, .dropout(probability: 0.1)) }
            let head: Layers

            init(classes: Int) {
                head = Layers(.linear(outputs: classes))
            }

            func callAsFunction(_ input: Value) -> Value {
                head(blocks.reduce(encoder(input)) { value, block in value + block(value) })
            }
        }

        let network = try Network(Classifier(classes: 3), input: [8], task: .classification)
        print(network.outputCount)
    }

    static func value() throws {
        struct Gate: Model {
            let gate = Layers(.linear(outputs: 4), .sigmoid)
            let head = Layers(.linear(outputs: 1))

            func callAsFunction(_ input: Value) -> Value {
                let (first, rest) = (input[0..<4], input[4..<input.shape[0]])
                return head(concatenate(first * gate(rest), rest))
            }
        }

        let network = try Network(Gate(), input: [6], task: .regression)
        print(network.outputCount)
    }

    /// The guide's pieces one after another.
    static func guide() async throws {
        struct TwoTowers: Model {
            let left = Layers(.linear(outputs: 32), .relu)
            let right = Layers(.linear(outputs: 32), .relu)
            let head = Layers(.dropout(probability: 0.1), .linear(outputs: 1))

            func callAsFunction(_ input: Value) -> Value {
                let parts = input.split(10, 20)
                let (a, b) = (left(parts[0]), right(parts[1]))
                return head(concatenate(a * b, a + b))
            }
        }

        let group = try await TrainingGroup.fromEnvironment()
        let trainer = try Trainer(
            TwoTowers(), input: [30], data: .csv("data.csv", target: "diagnosis"), loss: .binaryCrossEntropyOnLogits,
            optimizer: .adam(learningRate: 2e-3), batchSize: 32, epochs: 20, seed: 7, group: group)
        let result = try await trainer.run()
        if group.rank == 0 { try result.save(to: URL(filePath: "model.safetensors")) }
    }
}
