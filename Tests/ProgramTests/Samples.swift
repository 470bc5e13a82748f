import Checkpoints
import Datasets
import Digests
import Foundation
import NeuralNetworks
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

/// A fixed moment, and documents as a coordinator would send them.
enum Sample {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    static func specification(epochs: Int = 20) -> JobSpecification {
        JobSpecification(
            name: "digits",
            model: ModelSpecification(family: .logistic, task: .classification, input: [64], outputs: 10),
            data: DataSpecification(path: "/data/digits.csv", target: "label", split: .init(train: 0.8, test: 0.2)),
            train: TrainSpecification(
                optimizer: OptimizerSpecification(name: .adam, learningRate: 0.001), batchSize: 64, epochs: epochs),
            evaluate: EvaluateSpecification(metrics: [.accuracy]))
    }

    static func progress(epoch: Int = 5, step: Int = 11, samplesPerSecond: Double = 12_345) -> ProgressReport {
        ProgressReport(
            job: "digits-1", generation: 1, epoch: epoch, epochs: 20, step: step, steps: 22, loss: 0.125,
            samplesPerSecond: samplesPerSecond, secondsLeft: 83)
    }

    static func job(
        _ state: JobStatus.State, detail: String = "", progress: ProgressReport? = nil, epochs: Int = 0,
        generation: UInt64 = 1
    ) -> JobStatus {
        JobStatus(
            id: "digits-1", name: "digits", state: state, detail: detail, submitted: now.addingTimeInterval(-90),
            generation: generation, workers: ["worker-0", "worker-1"], progress: progress,
            curve: (0..<epochs).map { epoch in
                EpochRecord(epoch: epoch + 1, step: 22 * (epoch + 1), trainingLoss: 1 / Double(epoch + 1))
            },
            specification: specification())
    }

    static func status(jobs: [JobStatus] = [], models: [ClusterStatus.ServedModel] = []) -> ClusterStatus {
        let node = ClusterStatus.NodeStatus(
            name: "worker-0", role: .worker, state: .alive, endpoint: "tcp://127.0.0.1:40001", host: "here",
            processID: 17, since: now.addingTimeInterval(-3700), lastSeen: now, cpuPercent: 98.6,
            residentBytes: 41_300_000, activity: "digits-1: epoch 5/20",
            cache: CacheReport(bytes: 12_000_000, limit: 4_000_000_000, evictions: 3))
        var dead = node
        dead.name = "inference-0"
        dead.role = .inference
        dead.state = .dead
        dead.cache = nil
        return ClusterStatus(
            clusterID: "local-1", version: "0.1.0", nodes: [node, dead], jobs: jobs.map { JobSummary(of: $0) },
            models: models,
            state: ClusterStatus.StateStatus(
                size: StateSize(databaseBytes: 1_400_000, logBytes: 100_000, finishedJobs: 12),
                retention: RetentionPolicy()))
    }

    static func model() throws -> ModelStatus {
        let digest = ContentDigest(of: Array("model".utf8))
        let interface = ModelInterface(
            inputs: [.init(name: "input", datatype: "FP32", shape: [-1, 64])],
            outputs: [.init(name: "label", datatype: "BYTES", shape: [-1])])
        let manifest = Manifest(
            name: "digits", job: "digits-1", files: [.init(name: "model.safetensors", digest: digest, bytes: 2600)],
            specification: "{}", preprocessing: "{}", interface: interface, data: digest, seed: 7, epoch: 18, step: 400,
            metrics: ["accuracy": 0.9778, "loss": 0.09], golden: Golden(input: [0], rows: 1, output: [0]),
            codeVersion: "0.1.0")
        let versions = [(1, false), (2, true)].map { number, passed in
            ModelStatus.Version(
                version: number, manifest: digest, details: manifest,
                gate: .init(passed: passed, figures: ["accuracy 0.9778, bound >= 0.97"]),
                replicas: passed ? ["inference-0", "inference-1"] : [])
        }
        return ModelStatus(name: "digits", aliases: ["production": 2], versions: versions)
    }
}
