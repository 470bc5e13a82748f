import Foundation
import MartletTraining
import Testing

struct TrainerTests {
    /// Learns the product of two sums.
    struct Towers: Model {
        let left = Layers(.linear(outputs: 8), .tanh)
        let right = Layers(.linear(outputs: 8), .tanh)
        let head = Layers(.dropout(probability: 0.1), .linear(outputs: 1))

        func callAsFunction(_ input: Value) -> Value {
            let (left, right) = (left(input[0..<2]), right(input[2..<4]))
            return head(concatenate(left * right, left + right))
        }
    }

    static func rows(_ count: Int) -> (features: [[Float]], targets: [Float]) {
        var features: [[Float]] = []
        var targets: [Float] = []
        for row in 0..<count {
            let values = (0..<4).map { Float((row * 37 + $0 * 101) % 64) / 32 - 1 }
            features.append(values)
            targets.append((values[0] + values[1]) * (values[2] - values[3]))
        }
        return (features, targets)
    }

    static func trainer(epochs: Int = 30, batchSize: Int = 16, rows count: Int = 200) throws -> Trainer {
        let (features, targets) = rows(count)
        return try Trainer(
            Towers(), input: [4], data: .arrays(features: features, targets: targets, validation: 0.1, test: 0.2),
            loss: .meanSquaredError, optimizer: .adam(learningRate: 1e-2), batchSize: batchSize, epochs: epochs,
            seed: 7)
    }

    @Test func learns() async throws {
        let trainer = try Self.trainer()
        #expect(trainer.parameterCount == 2 * (2 * 8 + 8) + 17)
        let result = try await trainer.run()
        #expect(result.curve.count == 30)
        #expect(result.stopped == "epochs")
        let first = try #require(result.curve.first)
        let last = try #require(result.curve.last)
        #expect(last.trainingLoss < first.trainingLoss / 4)
        #expect(last.validationLoss != nil)
        #expect(try #require(result.metrics["r2"]) > 0.7)
    }

    @Test func theSameSeedGivesTheSameBytes() async throws {
        let one = try await Self.trainer(epochs: 3).run()
        let other = try await Self.trainer(epochs: 3).run()
        #expect(one.parameterNames.count == 6)
        for name in one.parameterNames {
            #expect(one.parameter(name)?.values == other.parameter(name)?.values)
        }
    }

    @Test func whatIsSavedPredictsTheSame() async throws {
        let result = try await Self.trainer(epochs: 2).run()
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try result.save(to: file)
        let rows = Self.rows(3).features
        let predictor = try Predictor(Towers(), input: [4], loss: .meanSquaredError, parameters: file)
        #expect(try predictor.predict(rows) == result.predict(rows))
        // More than run together.
        let many = Self.rows(150).features
        let together = try predictor.predict(many)
        #expect(together.count == many.count)
        for (row, prediction) in zip(many, together) {
            let alone = try predictor.predict([row])[0]
            // A single row is summed in another order.
            #expect(zip(prediction, alone).allSatisfy { abs($0 - $1) < 1e-5 })
        }
        #expect(throws: TrainerError.data("row 1 has 3 features, but the model's input has 4")) {
            try predictor.predict([[1, 2, 3]])
        }
    }

    @Test func aFileIsReadLikeThatOfAJob() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: file) }
        let (features, targets) = Self.rows(120)
        let lines = zip(features, targets).map { ($0 + [$1]).map { "\($0)" }.joined(separator: ",") }
        try ("a,b,c,d,y\n" + lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
        let trainer = try Trainer(
            Towers(), input: [4], data: .csv(file.path, target: "y"), loss: .meanSquaredError, batchSize: 16,
            epochs: 2)
        let result = try await trainer.run()
        #expect(result.curve.count == 2)
        #expect(result.metrics["mse"] != nil)
    }

    /// Two classes or more, or a distribution over as many outputs.
    struct Head: Model {
        let layers: Layers

        init(outputs: Int) { layers = Layers(.linear(outputs: outputs)) }

        func callAsFunction(_ input: Value) -> Value { layers(input) }
    }

    private func error(outputs: Int, loss: Loss, targets: [Float], validation: Double = 0.5) async throws -> String {
        let trainer = try Trainer(
            Head(outputs: outputs), input: [2],
            data: .arrays(
                features: (0..<12).map { [Float($0), 1] }, targets: targets, validation: validation), loss: loss,
            batchSize: 4, epochs: 1)
        do {
            _ = try await trainer.run()
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// In whichever part the row is: labels of the validation part are counted, and must have a place.
    @Test func aTargetThatIsNoLabelIsRefused() async throws {
        let labels = (0..<12).map { Float($0 % 3) }
        #expect(try await error(outputs: 3, loss: .crossEntropyOnLogits, targets: labels) == "")
        for (value, loss, outputs, expected) in [
            (7, Loss.crossEntropyOnLogits, 3, "a label from 0 to 2, or one below 0 for none as the target, found 7.0"),
            (0.5, .crossEntropyOnLogits, 3, "a label from 0 to 2, or one below 0 for none as the target, found 0.5"),
            (
                2, .binaryCrossEntropyOnLogits, 1,
                "a label from 0 to 1, or one below 0 for none as the target, found 2.0"
            ),
            (.nan, .meanSquaredError, 1, "a finite number as the target, found nan"),
        ] as [(Float, Loss, Int, String)] {
            for row in [0, 5, 11] {
                var targets = labels.map { min($0, Float(max(outputs, 2) - 1)) }
                targets[row] = value
                let text = try await error(outputs: outputs, loss: loss, targets: targets)
                #expect(text == "the training data does not fit: row \(row + 1): expected \(expected)")
            }
        }
    }

    /// A distribution has a number for each output, and figures of numbers.
    @Test func aDivergenceLearnsDistributions() async throws {
        let targets: [Float] = (0..<40).flatMap { row -> [Float] in (0..<3).map { $0 == row % 3 ? 0.8 : 0.1 } }
        let features: [[Float]] = (0..<40).map { row -> [Float] in (0..<3).map { $0 == row % 3 ? 1 : 0 } }
        let trainer = try Trainer(
            Head(outputs: 3), input: [3],
            data: .arrays(features: features, targets: targets, validation: 0.1, test: 0.2), loss: Loss(.divergence),
            optimizer: .adam(learningRate: 0.05), batchSize: 8, epochs: 60)
        let result = try await trainer.run()
        #expect(trainer.network.specification.task == .regression)
        #expect(result.metrics["accuracy"] == nil)
        #expect(try #require(result.metrics["mae"]) < 0.03)
    }

    @Test func batchNormNeedsTwoRowsOfASlice() throws {
        struct Normalized: Model {
            let layers = Layers(.linear(outputs: 4), .batchNorm, .linear(outputs: 1))
            func callAsFunction(_ input: Value) -> Value { layers(input) }
        }
        #expect {
            try Trainer(
                Normalized(), input: [1], data: .arrays(features: [[1]], targets: [1]), loss: .meanSquaredError,
                batchSize: 4, epochs: 1)
        } throws: {
            "\($0)".hasPrefix("batch_norm (layers.1.weight) takes mean and variance of the rows of a slice")
        }
    }

    @Test func whatDoesNotFitIsNamed() async throws {
        #expect(throws: TrainerError.setting("train.epochs is 0, expected from 1 to 1000000000")) {
            try Self.trainer(epochs: 0)
        }
        #expect(throws: TrainerError.setting("train.epochs is \(Int.max), expected from 1 to 1000000000")) {
            try Self.trainer(epochs: .max)
        }
        #expect(throws: TrainerError.self) { try Self.trainer(batchSize: 3) }
        let weights = Loss(.crossEntropy, classWeights: [1, 2])
        for (loss, schedule, problem) in [
            (weights, ScheduleSpecification(), "train.loss.class_weights: expected a number for each of the 3 classes"),
            (.crossEntropyOnLogits, ScheduleSpecification(.step(every: 0, factor: 0.1)), "train.schedule.every is 0"),
        ] as [(Loss, ScheduleSpecification, String)] {
            #expect {
                try Trainer(
                    Head(outputs: 3), input: [1], data: .arrays(features: [[1]], targets: [1]), loss: loss,
                    schedule: schedule, batchSize: 4, epochs: 1)
            } throws: {
                "\($0)".hasPrefix(problem)
            }
        }
        let narrow = try Trainer(
            Towers(), input: [4], data: .arrays(features: [[1, 2]], targets: [1]), loss: .meanSquaredError,
            batchSize: 4, epochs: 1)
        await #expect(throws: TrainerError.data("row 1 has 2 features, but the model's input has 4")) {
            try await narrow.run()
        }
    }
}
