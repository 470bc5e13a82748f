import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Jobs and manifests are stored as JSON, and read again by every later version.
@Suite struct StoredJobTests {
    /// As version 0.1.0 wrote it before there were schedules, clipping, accumulation, precision and most optimizers.
    private static let early = """
        {"data":{"features":[],"format":"csv","normalize":"standard","path":"/data/digits.csv",
        "split":{"stratify":true,"test":0.2,"train":0.8,"validation":0},"target":"label"},
        "evaluate":{"gate":[{"comparison":">=","metric":"accuracy","value":0.97}],"metrics":["accuracy","loss"]},
        "model":{"bias":true,"family":"logistic","input":[64],"layers":[],"outputs":10,"task":"classification"},
        "name":"digits",
        "train":{"batchSize":64,"epochs":20,"optimizer":{"beta1":0.9,"beta2":0.999,"epsilon":1e-08,
        "learningRate":0.001,"momentum":0.9,"name":"adam","weightDecay":0},
        "seed":7,"slices":4,"stop":{"patience":5},"workers":2}}
        """

    @Test func anEarlyJobIsReadWithTheDefaultsOfWhatCameLater() throws {
        let job = try JSONDecoder().decode(JobSpecification.self, from: Data(Self.early.utf8))
        #expect(
            job.train
                == TrainSpecification(
                    optimizer: OptimizerSpecification(name: .adam, learningRate: 0.001), batchSize: 64, epochs: 20,
                    seed: 7, workers: 2, slices: 4, stop: TrainSpecification.Stop(patience: 5)))
        #expect(job.evaluate.topK == 5 && job.data.targets == ["label"] && job.model.outputs == 10)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var job = try JSONDecoder().decode(JobSpecification.self, from: Data(Self.early.utf8))
        job.train.optimizer = OptimizerSpecification(
            name: .rmsprop, learningRate: 0.1, momentum: 0.5, alpha: 0.8, epsilon: 0.01, weightDecay: 0.2,
            isDecoupled: true, decayExclusions: ["*.bias"])
        job.train.accumulation = 3
        job.train.precision = .bf16
        job.train.clipping = TrainSpecification.Clipping(norm: 2)
        job.train.batchSize = nil
        job.evaluate.topK = 2
        #expect(try JSONDecoder().decode(JobSpecification.self, from: JSONEncoder().encode(job)) == job)
    }
}
