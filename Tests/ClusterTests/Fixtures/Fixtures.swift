@testable import Nodes
import Checkpoints
import Datasets
import Digests
import Foundation
import Messaging
import NeuralNetworks
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

extension Moment {
    static let start = Moment(instant: .now, date: Date(timeIntervalSince1970: 1_800_000_000))
}

extension ContentDigest {
    /// A digest that stands for some content.
    static func fake(_ name: String) -> ContentDigest { ContentDigest(of: Array(name.utf8)) }
}

extension JobSpecification {
    static func example(
        name: String = "digits", workers: Int = 2, slices: Int = 4, path: String = "/data/digits.csv",
        gate: [EvaluateSpecification.Bound] = [
            EvaluateSpecification.Bound(metric: .accuracy, comparison: .atLeast, value: 0.9)
        ]
    ) -> JobSpecification {
        JobSpecification(
            name: name,
            model: ModelSpecification(family: .logistic, task: .classification, input: [2], outputs: 3),
            data: DataSpecification(path: path, target: "label", split: DataSpecification.Split(train: 0.8, test: 0.2)),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(name: .sgd, learningRate: 0.1), batchSize: 8, epochs: 3, seed: 7,
                workers: workers, slices: slices),
            evaluate: EvaluateSpecification(metrics: [.accuracy], gate: gate))
    }
}

extension CheckpointReference {
    static func example(step: Int, model: String? = nil) -> CheckpointReference {
        let model = model ?? "model-\(step)"
        return CheckpointReference(
            model: .fake(model), optimizer: .fake("optimizer-\(step)"), best: .fake(model),
            progress: TrainingProgress(epoch: step, step: step, bestLoss: 1, bestEpoch: step))
    }
}

extension Join {
    static func example(
        _ name: String, _ role: Role = .worker, incarnation: UInt64 = 1, endpoint: String? = nil
    ) -> Join {
        Join(
            name: name, role: role, incarnation: incarnation, endpoint: endpoint ?? "tcp://\(name):1",
            version: codeVersion, host: "host", processID: 42, cores: 2, memoryBytes: 1 << 30)
    }
}

extension Peer {
    static func example(_ name: String, _ role: Role = .worker, connection: UInt64 = 1) -> Peer {
        Peer(name: name, role: role, connection: connection)
    }
}

extension JobResult {
    static func example(
        model: String = "model-9", accuracy: Double = 0.95, evaluation: JobEvaluation? = nil
    ) -> JobResult {
        JobResult(
            model: .fake(model), modelBytes: 100, epoch: 9, step: 9, stopped: "epochs",
            metrics: ["accuracy": accuracy], curve: [EpochRecord(epoch: 1, step: 9, trainingLoss: 0.5)],
            golden: Golden(input: [1, 2], rows: 1, output: [0, 0, 1]), evaluation: evaluation)
    }
}

extension JobEvaluation {
    static var example: JobEvaluation {
        JobEvaluation(
            rows: 20, wrong: 2, classes: ["a", "b", "c"], confusion: [[5, 1, 0], [0, 7, 0], [1, 0, 6]],
            worst: [
                WorstSample(
                    content: .picture(channels: 1, height: 1, width: 2, pixels: Data([0, 255])), label: "a",
                    prediction: "b", probability: 0.9, loss: 3),
                WorstSample(
                    content: .values(names: ["x", "y"], values: ["1", "2.5"]), label: "c", prediction: "a",
                    probability: nil, loss: .infinity),
            ], machines: [Machine(worker: "worker-0")])
    }
}

extension JobTrace {
    static var example: JobTrace {
        JobTrace(recordings: [
            Timeline.Recording(
                worker: "worker-0", origin: Date(timeIntervalSince1970: 1_800_000_000), names: ["forward"],
                spans: [Timeline.Span(name: 0, start: 5, duration: 7)], dropped: 1)
        ])
    }
}

extension Manifest {
    static func example(_ model: String = "digits", number: Int = 1, accuracy: Double = 0.95) -> Manifest {
        Manifest(
            name: model, job: "\(model)-\(number)",
            files: [Manifest.File(name: "model.safetensors", digest: .fake("\(model)-\(number)"), bytes: 1)],
            specification: "{}", preprocessing: "{}", interface: ModelInterface(inputs: [], outputs: []),
            data: .fake("data"), seed: 7, epoch: 1, step: 1, metrics: ["accuracy": accuracy],
            golden: Golden(input: [1], rows: 1, output: [1]), codeVersion: ClusterProtocol.codeVersion)
    }
}
