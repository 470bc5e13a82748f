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
        #expect(estimate.rowsPerSlice == 11 && estimate.slices == 6)
        #expect(
            estimate.activationBytes
                == TrainingExecutor(
                    network: network, loss: Loss(for: .classification), maximumRows: 11
                ).memoryBytes)
        #expect(estimate.flopsPerStep == 64 * (network.work.forward + network.work.backward))
        #expect(JobEstimate(of: job, network: network).steps == nil)
    }
}
