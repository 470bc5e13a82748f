import Foundation
import NeuralNetworks
import Testing

@testable import Training

@Suite struct SampleJudgementTests {
    private func judge(
        _ meaning: OutputMeaning, outputs: [Float], targets: [Float], width: Int
    ) -> SampleJudgement {
        SampleJudgement(
            slice: 1, row: 2, meaning: meaning, width: width, positions: outputs.count / width, outputs: outputs,
            targets: targets)
    }

    @Test func aClassIsJudgedByItsProbability() throws {
        let judgement = judge(.logits, outputs: [0, 2, 1], targets: [2], width: 3)
        let sum = exp(-2.0) + 1 + exp(-1.0)
        #expect(judgement.isWrong && judgement.predictions == [1] && judgement.targets == [2])
        #expect(abs(try #require(judgement.probability) - 1 / sum) < 1e-12)
        #expect(abs(judgement.loss - (1 + log(sum))) < 1e-12)
        #expect(!judge(.logits, outputs: [0, 2, 1], targets: [1], width: 3).isWrong)
    }

    @Test func oneOutputStandsForTheSecondClass() throws {
        let judgement = judge(.logit, outputs: [-1], targets: [1], width: 1)
        #expect(judgement.isWrong && judgement.predictions == [0])
        #expect(abs(try #require(judgement.probability) - 1 / (1 + exp(-1.0))) < 1e-12)
        #expect(abs(judgement.loss - log(1 + exp(1.0))) < 1e-12)
    }

    @Test func probabilitiesAreTakenAsTheyAre() throws {
        let judgement = judge(.probabilities, outputs: [0.7, 0.3], targets: [1], width: 2)
        #expect(abs(try #require(judgement.probability) - 0.7) < 1e-6)
        #expect(abs(judgement.loss + log(0.3)) < 1e-6)
    }

    @Test func numbersAreJudgedByTheirSquaredErrors() {
        let judgement = judge(.numbers, outputs: [1, 5], targets: [2, 5], width: 2)
        #expect(judgement.loss == 0.5 && judgement.probability == nil && judgement.predictions == [1, 5])
    }

    @Test func positionsWithoutALabelDoNotCount() {
        let judgement = judge(.logits, outputs: [3, 0, 0, 3, 0, 3], targets: [0, -1, 1], width: 2)
        #expect(!judgement.isWrong && judgement.probability == nil)
        #expect(abs(judgement.loss - log(1 + exp(-3.0))) < 1e-9)
        #expect(judgement.predictions == [0, 1, 1])
    }

    @Test func equalLossesHaveAFixedOrder() {
        var (a, b) = (
            judge(.logit, outputs: [1], targets: [0], width: 1), judge(.logit, outputs: [1], targets: [0], width: 1)
        )
        b.row = 3
        #expect(SampleJudgement.isWorse(a, b) && !SampleJudgement.isWorse(b, a))
        a.loss = .nan
        b.loss = 1e9
        #expect(SampleJudgement.isWorse(a, b))
    }
}
