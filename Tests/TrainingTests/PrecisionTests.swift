import Collectives
import CollectivesTestKit
import Datasets
import NeuralNetworks
import Tensors
import Testing

@testable import Training

@Suite struct PrecisionTests {
    @Test func allRanksComputeAlike() async throws {
        func agreements(_ asked: Precision, _ supports: [Bool]) async throws -> [PrecisionAgreement] {
            try await Ensemble(ranks: supports.count, slices: 4).run { group in
                try PrecisionAgreement(asked: asked, isSupported: supports[group.rank], group: group)
            }.map { try $0.get() }
        }
        for agreement in try await agreements(.bf16, [true, true, true]) {
            #expect(agreement.precision == .bf16 && agreement.lacking.isEmpty)
        }
        for agreement in try await agreements(.bf16, [true, false, true, false]) {
            #expect(agreement.precision == .f32)
            #expect(agreement.lacking == ["worker-1", "worker-3"])
        }
        let alone = try await agreements(.bf16, [false])
        #expect(alone[0].lacking == ["worker-0"])
        let full = try await agreements(.f32, [true, true])
        #expect(full.allSatisfy { $0.precision == .f32 && $0.lacking.isEmpty })
    }

    /// Slices of 32 rows and layers of 64, since small products are f32 in any case.
    private static let problem: Problem = {
        var problem = Problem()
        problem.rows = 512
        problem.specification.batchSize = 128
        problem.specification.epochs = 12
        problem.model.layers = [.linear(outputs: 64), .tanh, .linear(outputs: 64), .gelu, .linear(outputs: 64), .relu]
        return problem
    }()

    @Test(.enabled(if: Precision.bf16.isSupported)) func theLossIsThatOfFullPrecision() async throws {
        let full = try await Self.problem.end(ranks: 1).end
        var problem = Self.problem
        problem.precision = .bf16
        let rounded = try await problem.end(ranks: 1).end
        #expect(bits(rounded.state.parameters) != bits(full.state.parameters))
        let (loss, expected) = (rounded.state.curve.last!.trainingLoss, full.state.curve.last!.trainingLoss)
        #expect(abs(loss - expected) <= 0.02 * expected, "\(loss) and \(expected)")
        let (unseen, fullUnseen) = (
            try #require(rounded.metrics.value(of: .loss)), try #require(full.metrics.value(of: .loss))
        )
        #expect(abs(unseen - fullUnseen) <= 0.02 * fullUnseen, "\(unseen) and \(fullUnseen)")
    }

    @Test(.enabled(if: Precision.bf16.isSupported)) func anyNumberOfWorkersGivesTheSameBytes() async throws {
        var problem = Self.problem
        problem.precision = .bf16
        let (alone, checkpoints) = try await problem.end(ranks: 1)
        for ranks in [2, 4] {
            let end = try await problem.end(ranks: ranks).end
            #expect(bits(end.state.parameters) == bits(alone.state.parameters))
        }
        let resumed = try await problem.end(ranks: 2, resume: checkpoints[4]).end
        #expect(bits(resumed.state.parameters) == bits(alone.state.parameters))
    }

    /// What is measured is what will be served.
    @Test(.enabled(if: Precision.bf16.isSupported)) func evaluationIsInFullPrecision() throws {
        let network = try Network(Self.problem.model)
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 2)
        let samples = Self.problem.samples(0..<64)
        func outputs(_ precision: Precision) -> [UInt32] {
            let executor = TrainingExecutor(
                network: network, loss: .crossEntropyOnLogits, maximumRows: 64, precision: precision)
            let outputs = FloatBuffer(count: 64 * network.outputCount)
            _ = executor.evaluate(
                inputs: samples.features, targets: samples.targets, rows: 64, parameters: parameters.pointer,
                outputs: outputs.pointer)
            return bits(outputs)
        }
        #expect(outputs(.bf16) == outputs(.f32))
    }
}
