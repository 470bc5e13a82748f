import Testing

@testable import Training

/// The bytes that a training ends in depend on the job and the data alone.
@Suite struct ByteIdentityTests {
    /// Says which bytes they are, so that other processes can compare theirs: `KernelPathTests` does.
    @Test(arguments: SmallTraining.all)
    func everyRunOfAnyNumberOfWorkersGivesTheSameBytes(_ training: SmallTraining) async throws {
        let first = try await training.state(ranks: 1)
        for ranks in [1, 2, 4] {
            let other = try await training.state(ranks: ranks)
            #expect(other.digest == first.digest, "\(ranks) ranks")
            #expect(losses(other) == losses(first), "\(ranks) ranks")
        }
        #expect(first.curve[1].trainingLoss < first.curve[0].trainingLoss)
        print("trained \(training.testDescription): \(first.digest)")
    }
}
