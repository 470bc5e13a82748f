import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite struct JobEstimateTests {
    @Test func stepsFollowFromTheRows() throws {
        let job = try JobFolder(
            jobText(train: "{ optimizer: adam, batch_size: 64, epochs: 5, slices: 6, stop: { steps: 70 } }")
        ).load()
        let network = try Network(job.model)
        let estimate = JobEstimate(of: job, network: network, trainingRows: 1000)
        #expect(estimate.stepsPerEpoch == 16 && estimate.steps == 70)
        #expect(estimate.rowsAtOnce == 11 && estimate.slices == 6)
        #expect(
            estimate.activationBytes
                == TrainingExecutor(
                    network: network, loss: Loss(for: .classification), maximumRows: 11
                ).memoryBytes)
        #expect(estimate.flopsPerStep == 64 * (network.work.forward + network.work.backward))
        #expect(JobEstimate(of: job, network: network).steps == nil)
    }

    @Test func batchesOfAllRowsAreComputedInPieces() throws {
        let job = try JobFolder(
            jobText(train: "{ optimizer: { name: gradient_descent, learning_rate: 0.1 }, epochs: 5, slices: 2 }")
        ).load()
        let network = try Network(job.model)
        let estimate = JobEstimate(of: job, network: network, trainingRows: 10_000)
        #expect(estimate.batchSize == 10_000 && estimate.stepsPerEpoch == 1 && estimate.steps == 5)
        #expect(estimate.rowsAtOnce == UpdatePlan.pieceRows)
        let unread = JobEstimate(of: job, network: network)
        #expect(unread.batchSize == nil && unread.flopsPerStep == nil && unread.steps == nil)
        #expect(unread.activationBytes == estimate.activationBytes)
    }

    @Test func accumulatedBatchesAreOneStep() throws {
        let train = "{ optimizer: { name: sgd, learning_rate: 0.1 }, batch_size: 10, accumulate: 3, epochs: 2 }"
        let job = try JobFolder(jobText(train: train)).load()
        let network = try Network(job.model)
        let estimate = JobEstimate(of: job, network: network, trainingRows: 100)
        #expect(estimate.stepsPerEpoch == 4 && estimate.steps == 8 && estimate.accumulation == 3)
        #expect(estimate.flopsPerStep == 30 * (network.work.forward + network.work.backward))
    }
}
