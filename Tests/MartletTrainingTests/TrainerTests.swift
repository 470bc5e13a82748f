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
        #expect(throws: TrainerError.data("row 0 has 3 features, but the model's input has 4")) {
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

    @Test func whatDoesNotFitIsNamed() async throws {
        #expect(throws: TrainerError.setting("epochs is 0, expected at least 1")) { try Self.trainer(epochs: 0) }
        #expect(throws: TrainerError.self) { try Self.trainer(batchSize: 3) }
        let narrow = try Trainer(
            Towers(), input: [4], data: .arrays(features: [[1, 2]], targets: [1]), loss: .meanSquaredError,
            batchSize: 4, epochs: 1)
        await #expect(throws: TrainerError.data("row 0 has 2 features, but the model's input has 4")) {
            try await narrow.run()
        }
    }
}
