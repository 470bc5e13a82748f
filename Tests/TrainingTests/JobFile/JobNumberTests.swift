import Foundation
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Every number of the job file has a range, and what is made of numbers never traps.
@Suite struct JobNumberTests {
    private func problems(model: String? = nil, train: String? = nil, data: String? = nil) throws -> [String] {
        let train = train ?? "{ optimizer: adam, batch_size: 64, epochs: 5 }"
        let data = data ?? "{ path: digits.csv, target: label }"
        return try JobFolder(
            model.map { jobText(model: $0, data: data, train: train) } ?? jobText(data: data, train: train)
        )
        .problems()
    }

    @Test(arguments: [
        ("epochs", "9000000000000000000", "from 1 to 1000000000"),
        ("batch_size", "9000000000000000000", "from 1 to 16777216"),
        ("accumulate", "9000000000000000000", "from 1 to 1048576"),
        ("slices", "1000000", "from 1 to 1024"),
    ])
    func countsHaveAnEnd(_ key: String, _ value: String, _ range: String) throws {
        var keys = ["optimizer": "adam", "batch_size": "64", "epochs": "5"]
        keys[key] = value
        let train = keys.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        let problems = try problems(train: "{ \(train) }")
        #expect(
            problems.count == 1
                && problems[0].hasSuffix("train.\(key): expected an integer \(range), found '\(value)'"), "\(problems)")
    }

    @Test(arguments: [
        (
            "dropout: 0.99999999",
            "model.dropout: expected a number from 0.0 to below 1.0, found '0.99999999', which is 1.0"
        ),
        ("dropout: 1", "model.dropout: expected a number from 0.0 to below 1.0, found '1'"),
    ])
    func fractionsOfAModelAreThoseOf32Bits(_ key: String, _ problem: String) throws {
        let problems = try problems(model: "{ family: mlp, input: 64, classes: 10, hidden: [32], \(key) }")
        #expect(problems.count == 1 && problems[0].contains(problem), "\(problems)")
    }

    @Test(arguments: [
        "batch_norm: { epsilon: 1e-50 }", "layer_norm: { epsilon: 1e-50 }", "dropout: 0.99999999",
        "batch_norm: { momentum: 0.99999999 }", "leaky_relu: 1e39",
    ])
    func fractionsOfALayerToo(_ layer: String) throws {
        let problems = try problems(
            model: "{ family: sequential, input: 64, classes: 10, layers: [\(layer), linear: 10] }")
        #expect(problems.count == 1 && problems[0].hasSuffix("as a 32-bit float"), "\(problems)")
    }

    @Test(arguments: [
        "epsilon: 1e-50", "learning_rate: 1e-50", "learning_rate: 1e39", "beta1: 0.99999999", "weight_decay: 1e300",
    ])
    func andOfAnOptimizer(_ setting: String) throws {
        let problems = try problems(
            train: "{ optimizer: { name: adam, \(setting) }, batch_size: 64, epochs: 5 }")
        #expect(problems.count == 1 && problems[0].hasSuffix("as a 32-bit float"), "\(problems)")
    }

    @Test(arguments: [
        "{ path: a.txt, format: text, text: { positions: 8, stride: 9000000000000000000 } }",
        "{ path: a.csv, target: y, series: { window: 4, stride: 9000000000000000000 } }",
        "{ path: a.csv, target: y, augment: { noise: 1e39 } }",
    ])
    func dataHasEndsToo(_ data: String) throws {
        let problems = try problems(data: data)
        #expect(problems.contains { $0.contains("expected") && $0.contains("found '") }, "\(problems)")
    }

    /// Within their ranges all numbers may be as large as they can be at once.
    @Test func theLargestJobIsEstimated() throws {
        let job = try JobFolder(
            jobText(
                model: "{ family: mlp, input: 1048576, classes: 10000, hidden: [2047] }",
                train: """
                    { optimizer: adam, batch_size: 16777216, epochs: 1000000000, accumulate: 1048576, slices: 1024,
                      stop: { seconds: 5 } }
                    """)
        ).load()
        let network = try Network(job.model)
        for rows in [nil, 1000, 1 << 40] as [Int?] {
            let estimate = JobEstimate(of: job, network: network, trainingRows: rows)
            #expect(estimate.flopsPerStep == .max)
            #expect(estimate.steps.map { $0 > 0 } ?? (rows == nil))
        }
    }

    @Test func aBatchLargerThanAllRowsTakesNoMoreMemoryThanTheyNeed() {
        let specification = TrainSpecification(
            optimizer: OptimizerSpecification(name: .sgd, learningRate: 1), batchSize: 1 << 24, epochs: 1, slices: 1)
        #expect(UpdatePlan(specification, rows: 40).maximumRows == UpdatePlan.pieceRows)
        #expect(UpdatePlan(specification, rows: 5000).maximumRows == 5000)
        #expect(UpdatePlan(specification, rows: 40).updates(epochs: .max, steps: nil) == .max)
    }

    /// A model that no machine has room for ends with the figures, before anything is taken of them.
    @Test func aModelLargerThanTheMachineIsRefused() throws {
        let layers = (0..<64).map { _ in LayerSpecification.linear(outputs: 1 << 15) }
        let network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [1 << 15], outputs: 1 << 15, layers: layers))
        let specification = TrainSpecification(
            optimizer: OptimizerSpecification(name: .adam, learningRate: 1), batchSize: 8, epochs: 1)
        let need = MemoryNeed(
            specification, network: network, plan: UpdatePlan(specification, rows: 100), threads: 2)
        #expect(need.bytes > 64 << 30)
        try need.check(available: .max)
        #expect(throws: TrainingError.noMemory(needed: UInt64(need.bytes), available: 4 << 30)) {
            try need.check(available: 4 << 30)
        }
    }

    /// Threads share them.
    @Test func tablesOfPositionsAreNeededOnce() throws {
        let network = try Network(
            ModelSpecification(
                family: .sequential, task: .regression, input: [1 << 10], outputs: 1,
                layers: [.embedding(vocabulary: 4, width: 64), .sinusoidalPositions(), .linear(outputs: 1)]))
        let specification = TrainSpecification(
            optimizer: OptimizerSpecification(name: .adam, learningRate: 1), batchSize: 8, epochs: 1)
        let plan = UpdatePlan(specification, rows: 100)
        let state = 4 * (3 + 2) * network.layout.count
        let values = network.memoryBytes(rows: plan.maximumRows, purpose: .training)
        for threads in 1...2 {
            let need = MemoryNeed(specification, network: network, plan: plan, threads: threads)
            #expect(need.bytes == state + threads * values + (4 << 16))
        }
    }

    @Test func aTargetNeedsAValidationPart() throws {
        let train = "{ optimizer: adam, batch_size: 64, epochs: 5, stop: { target: { accuracy: \">= 0.9\" } } }"
        let without = try problems(train: train)
        #expect(
            without.count == 1
                && without[0].hasSuffix(
                    "train: stop.target: accuracy is measured on the validation part, and there is none: set "
                        + "data.split.validation to a share of the rows, or leave the target out"),
            "\(without)")
        #expect(
            try problems(
                train: train,
                data: "{ path: a.csv, target: y, split: { train: 0.7, validation: 0.1, test: 0.2 } }"
            ).isEmpty)
        #expect(try problems(train: train.replacing("accuracy: \">= 0.9\"", with: "loss: \"< 0.1\"")).isEmpty)
    }
}
