import Collectives
import CollectivesTestKit
import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite struct WorstSamplesTests {
    /// The worst samples of an untrained network, on so many ranks; each is described by its slice and row.
    private func worst(ranks: Int, limit: Int) async throws -> [WorstSamples] {
        let problem = Problem()
        return try await Ensemble(ranks: ranks, slices: 4, seed: UInt64(ranks)).run { group in
            let network = try Network(problem.model)
            let run = try TrainingRun(
                specification: problem.specification, network: network, loss: .crossEntropyOnLogits, group: group,
                shards: problem.shards(of: group), resume: nil)
            let parameters = FloatBuffer(count: network.layout.count)
            network.initialize(parameters.pointer, seed: 3)
            return try run.worstSamples(parameters, limit: limit) { judgements in
                judgements.map { judgement in
                    WorstSample(
                        content: .values(names: [], values: []), label: "\(judgement.slice)",
                        prediction: "\(judgement.row)", probability: judgement.probability, loss: judgement.loss)
                }
            }
        }.map { try $0.get() }
    }

    @Test func areTheSameOnAnyNumberOfWorkers() async throws {
        let alone = try await worst(ranks: 1, limit: 6)[0]
        #expect(alone.samples.count == 6 && alone.wrong > 6 && alone.wrong <= 40)
        #expect(zip(alone.samples, alone.samples.dropFirst()).allSatisfy { $0.loss >= $1.loss })
        #expect(Set(alone.samples.map(\.label)).count > 1)
        for ranks in 2...4 {
            for found in try await worst(ranks: ranks, limit: 6) { #expect(found == alone, "\(ranks) ranks") }
        }
    }

    @Test func theLimitOnlyCutsTheList() async throws {
        let all = try await worst(ranks: 2, limit: 1000)[0]
        #expect(all.samples.count == all.wrong)
        let few = try await worst(ranks: 2, limit: 3)[0]
        #expect(few.samples == Array(all.samples.prefix(3)))
    }
}
