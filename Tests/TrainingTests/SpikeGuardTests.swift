import CollectivesTestKit
import NeuralNetworks
import Testing

@testable import Training

@Suite struct SpikeGuardTests {
    @Test func aLossOutOfLineIsPassedOverOnceThereIsALine() {
        let watch = SpikeWatch(rule: .init(lossFactor: 3))
        var state = SpikeState()
        for _ in 0..<SpikeWatch.trial {
            let (next, isSound) = watch.judge(loss: 2, gradientNorm: 1, state)
            #expect(isSound)
            state = next
        }
        #expect(abs(state.loss - 2) < 1e-12)
        let spike = watch.judge(loss: 6.1, gradientNorm: 1, state)
        #expect(!spike.isSound)
        #expect(spike.state.skipped == 1 && spike.state.loss == state.loss && spike.state.steps == state.steps)
        #expect(watch.judge(loss: 5.9, gradientNorm: 100, state).isSound)
        let norm = SpikeWatch(rule: .init(gradientFactor: 3))
        #expect(!norm.judge(loss: 1, gradientNorm: 3.1, state).isSound)
    }

    @Test func noNumberIsAlwaysASpike() {
        let watch = SpikeWatch(rule: .init())
        #expect(!watch.judge(loss: .nan, gradientNorm: 1, SpikeState()).isSound)
        #expect(!watch.judge(loss: 1, gradientNorm: .infinity, SpikeState()).isSound)
    }

    @Test func aRunGoesOnWithoutTheBrokenBatches() async throws {
        var problem = Problem()
        problem.brokenRow = 156
        problem.specification.spikeGuard = .init(maximumSkips: 6)
        let end = try await problem.end(ranks: 2).end
        // One row, in one batch of each of six epochs.
        #expect(end.state.progress.spikes?.skipped == 6)
        #expect(end.state.curve.map(\.skipped) == [1, 1, 1, 1, 1, 1])
        #expect(end.metrics.value(of: .accuracy)! > 0.9)
    }

    @Test func tooManyEndTheRunAndNameWhere() async throws {
        var problem = Problem()
        problem.brokenRow = 156
        problem.specification.spikeGuard = .init(maximumSkips: 2)
        for outcome in await Ensemble(ranks: 2, slices: 4).run({ [problem] in try problem.run($0) }) {
            let error = #expect(throws: TrainingError.self) { try outcome.get() }
            let text = try #require(error?.description)
            #expect(text.hasPrefix("train.guard has passed over 3 updates, more than its max_skips; in epoch 3"))
            #expect(text.contains("the first that is not finite is the input, for rows"))
        }
    }
}
