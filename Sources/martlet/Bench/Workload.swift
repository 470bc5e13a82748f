import ArgumentParser
import Datasets
import Files
import Foundation
import NeuralNetworks
import Tensors
import Training

/// The reference networks, as docs/benchmarks.md defines them, and made-up data of their shape.
enum Workload: String, ExpressibleByArgument, CaseIterable {
    /// 784-512-512-10 with ReLU, batch 128.
    case mlp
    /// 1x28x28: conv 3x3 to 32, pool, conv 3x3 to 64, pool, 128, 10; batch 64.
    case cnn
    /// A language model of bytes: embedding of 256 to 128, LSTM of 256, 64 positions; batch 32.
    case lstm
    /// A language model of 512 tokens: width 256, 4 layers, 4 heads, 128 positions; batch 8.
    case gpt

    var batchSize: Int {
        switch self {
        case .mlp: 128
        case .cnn: 64
        case .lstm: 32
        case .gpt: 8
        }
    }

    /// Rows of one epoch, for each worker: four to six seconds on one core, so that the ends of epochs weigh no more
    /// than in real jobs. Of mlp a quarter of that, or its rows would be most of what a worker keeps in memory.
    var rows: Int {
        switch self {
        case .mlp: 32_768
        case .cnn: 15_360
        case .lstm: 2_560
        case .gpt: 160
        }
    }

    var model: ModelSpecification {
        switch self {
        case .mlp:
            ModelSpecification(
                family: .mlp, task: .classification, input: [784], outputs: 10,
                layers: [.linear(outputs: 512, bias: true), .relu, .linear(outputs: 512, bias: true), .relu])
        case .cnn:
            ModelSpecification(
                family: .cnn, task: .classification, input: [1, 28, 28], outputs: 10,
                layers: [
                    .conv2d(channels: 32, kernel: 3, stride: 1, padding: 1, bias: true), .relu,
                    .maxPool2d(size: 2, stride: 2),
                    .conv2d(channels: 64, kernel: 3, stride: 1, padding: 1, bias: true), .relu,
                    .maxPool2d(size: 2, stride: 2), .flatten, .linear(outputs: 128, bias: true), .relu,
                ])
        case .lstm:
            ModelSpecification(
                family: .lstm, task: .classification, input: [64], outputs: 256,
                layers: LayerSpecification.recurrentNetwork(.lstm(width: 256), vocabulary: 256, embedding: 128))
        case .gpt:
            ModelSpecification(
                family: .gpt, task: .classification, input: [128], outputs: 512,
                layers: LayerSpecification.gpt(
                    vocabulary: 512, positions: 128,
                    figures: .init(
                        width: 256, heads: 4, layers: 4, activation: "gelu_tanh", normFirst: true, dropout: 0)),
                bias: false)
        }
    }

    /// Whether its data is text, in windows of as many bytes as the model has positions.
    private var isText: Bool { self == .lstm || self == .gpt }

    private func source(_ file: URL) -> DataSpecification {
        guard isText else {
            return DataSpecification(
                path: file.path, target: "label", split: .init(train: 1, test: 0), normalize: .none)
        }
        return DataSpecification(
            path: file.path, format: .text, targets: [], split: .init(train: 1, test: 0),
            text: TextForm(use: .continueText, positions: model.input[0], tokenizer: .bytes))
    }

    /// A job on these rows whose batches keep every worker as busy as one alone: `batchSize` rows for each, in a slice
    /// for each of its threads.
    func job(
        data: URL, workers: Int, threads: Int = 1, epochs: Int, precision: Precision = .f32
    ) -> JobSpecification {
        JobSpecification(
            name: "bench-\(rawValue)", model: model,
            data: source(data),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(name: .adamw, learningRate: 1e-3, weightDecay: 0.01),
                batchSize: batchSize * workers, epochs: epochs, precision: precision, seed: 1, workers: workers,
                slices: workers * threads),
            evaluate: EvaluateSpecification(metrics: [.accuracy]))
    }

    /// Data for so many rows, from a linear congruential generator: text of bytes from 1 to 127, or a CSV file of
    /// one-digit pixels and labels.
    func writeData(rows: Int, to file: URL) throws {
        var state: UInt64 = 1
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let output = try OutputFile(file.path(percentEncoded: false))
        guard !isText else {
            try output.write((0...rows * model.input[0]).map { _ in UInt8(1 + next(127)) })
            return try output.commit()
        }
        func digit(_ number: UInt64) -> UInt8 { UInt8(ascii: "0") + UInt8(number) }
        var text = Array(((0..<784).map { "p\($0)" }.joined(separator: ",") + ",label\n").utf8)
        for row in 0..<rows {
            for _ in 0..<784 {
                text.append(digit(next(10)))
                text.append(UInt8(ascii: ","))
            }
            text.append(digit(UInt64(row % 10)))
            text.append(UInt8(ascii: "\n"))
            guard text.count >= Self.pieceBytes else { continue }
            try output.write(text)
            text.removeAll(keepingCapacity: true)
        }
        try output.write(text)
        try output.commit()
    }

    /// Rows of many workers are more than memory should hold at once.
    private static let pieceBytes = 1 << 20
}
