import ArgumentParser
import Datasets
import Foundation
import NeuralNetworks
import Training

/// The reference networks, as docs/benchmarks.md defines them, and made-up data of their shape.
enum Workload: String, ExpressibleByArgument, CaseIterable {
    /// 784-512-512-10 with ReLU, batch 128.
    case mlp
    /// 1x28x28: conv 3x3 to 32, pool, conv 3x3 to 64, pool, 128, 10; batch 64.
    case cnn

    var batchSize: Int { self == .mlp ? 128 : 64 }

    /// Rows of one epoch: about a second or two on one core.
    var rows: Int { self == .mlp ? 16_384 : 3_072 }

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
        }
    }

    /// A job on these rows whose batches keep every worker as busy as one alone: `batchSize` rows for each.
    func job(data: URL, workers: Int, epochs: Int) -> JobSpecification {
        JobSpecification(
            name: "bench-\(rawValue)", model: model,
            data: DataSpecification(
                path: data.path, target: "label", split: .init(train: 1, test: 0), normalize: .none),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(name: .adamw, learningRate: 1e-3, weightDecay: 0.01),
                batchSize: batchSize * workers, epochs: epochs, seed: 1, workers: workers, slices: workers),
            evaluate: EvaluateSpecification(metrics: [.accuracy]))
    }

    /// A CSV file of one-digit pixels and labels from a linear congruential generator.
    static func writeData(rows: Int, to file: URL) throws {
        var state: UInt64 = 1
        func next(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var text = (0..<784).map { "p\($0)" }.joined(separator: ",") + ",label\n"
        text.reserveCapacity(rows * 1570)
        for row in 0..<rows {
            for _ in 0..<784 { text += "\(next(10))," }
            text += "\(row % 10)\n"
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
}
