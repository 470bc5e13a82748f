import Collectives
import CollectivesTestKit
import Datasets
import Digests
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// A short training of a small model of each kind, with as many rows in a slice as fill the widest vectors.
struct SmallTraining: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let model: ModelSpecification
    /// Tokens that its input consists of; nil: numbers.
    var vocabulary: Int?
    var rows = 256
    /// Of each rank.
    var threads = 1
    var specification = TrainSpecification(
        optimizer: OptimizerSpecification(name: .adamw, learningRate: 0.01, weightDecay: 0.1), batchSize: 64, epochs: 2,
        seed: 7, slices: 4)

    static let all: [SmallTraining] = {
        let figures = LayerSpecification.TransformerFigures(width: 16, heads: 2, layers: 2, dropout: 0.1)
        var normFirst = figures
        normFirst.activation = "gelu_tanh"
        normFirst.normFirst = true
        func model(
            _ family: ModelSpecification.Family, _ input: [Int], _ outputs: Int, _ layers: [LayerSpecification]
        ) -> ModelSpecification {
            ModelSpecification(family: family, task: .classification, input: input, outputs: outputs, layers: layers)
        }
        return [
            SmallTraining(
                testDescription: "mlp",
                model: model(.mlp, [19], 5, [.linear(outputs: 37), .relu, .linear(outputs: 33), .tanh])),
            SmallTraining(
                testDescription: "cnn",
                model: model(
                    .cnn, [1, 10, 10], 5,
                    [
                        .conv2d(channels: 6, kernel: 3, stride: 1, padding: 1, bias: true), .relu,
                        .maxPool2d(size: 2, stride: 2), .conv2d(channels: 9, bias: false), .batchNorm, .relu, .flatten,
                        .linear(outputs: 18), .relu, .dropout(probability: 0.2),
                    ])),
            SmallTraining(
                testDescription: "lstm",
                model: model(
                    .lstm, [9], 11,
                    LayerSpecification.recurrentNetwork(.lstm(width: 21, layers: 2), vocabulary: 11, embedding: 7)),
                vocabulary: 11),
            SmallTraining(
                testDescription: "gpt",
                model: model(
                    .gpt, [9], 11, LayerSpecification.gpt(vocabulary: 11, positions: 9, figures: normFirst)),
                vocabulary: 11),
            SmallTraining(
                testDescription: "transformer",
                model: model(
                    .transformer, [11], 11,
                    LayerSpecification.transformerNetwork(
                        vocabulary: 11, source: 6, decoderLayers: 1, figures: figures)),
                vocabulary: 11),
        ]
    }()

    /// What rank 0 of so many ends with.
    func state(ranks: Int) async throws -> TrainingState {
        try await Ensemble(ranks: ranks, slices: specification.slices, seed: UInt64(ranks)).run { group in
            try run(group, observer: Silent())
        }[0].get()
    }

    func run(_ group: ProcessGroup, observer: any TrainingObserver) throws -> TrainingState {
        try makeRun(group).run(observer: observer).state
    }

    func makeRun(_ group: ProcessGroup) throws -> TrainingRun {
        let network = try Network(model)
        let batches = UpdatePlan(specification, rows: rows).batches
        var first = 0
        var training: [Samples] = []
        for slice in 0..<specification.slices {
            let count = batches.shardRows(ofSlice: slice)
            if group.mine.contains(slice) { training.append(samples(first..<first + count, of: network)) }
            first += count
        }
        return try TrainingRun(
            specification: specification, network: network, loss: Loss(for: model.task), group: group,
            shards: TrainingShards(
                training: training, validation: [], test: [], trainingRows: rows, validationRows: 0),
            threads: threads, resume: nil)
    }

    /// Rows that depend on their number alone. Of tokens, some are padding.
    private func samples(_ rows: Range<Int>, of network: Network) -> Samples {
        func number(_ row: Int, _ place: Int) -> Int { (row * 7919 + place * 104_729 + row * place * 31) % 1009 }
        func feature(_ number: Int) -> Float {
            guard let vocabulary else { return Float(number) / 504.5 - 1 }
            return Float(number % (vocabulary + 1) - 1)
        }
        let features: [Float] = rows.flatMap { row in
            (0..<network.inputCount).map { place in feature(number(row, place)) }
        }
        let targets: [Float] = rows.flatMap { row in
            (0..<network.outputPositions).map { place in Float(number(row, 3 * place) % model.outputs) }
        }
        return Samples(
            rows: rows.count, featureCount: network.inputCount, features: features,
            targetCount: network.outputPositions, targets: targets)
    }
}

extension TrainingState {
    /// Of the parameters and of what the optimizer keeps.
    var digest: ContentDigest {
        let buffers = [parameters] + moments.map(\.buffer)
        return ContentDigest(
            of: buffers.flatMap { bits($0) }.flatMap { word in
                (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            })
    }
}
