import Collectives
import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Threads

extension Evaluator {
    /// Finds the wrong samples with the highest losses under these parameters. All ranks get the same, whatever their
    /// number: every sample has the same loss wherever it was computed, and a fixed place among equals.
    ///
    /// - Parameters:
    ///   - limit: how many are kept.
    ///   - describe: what a sample of this rank's slices is, for a person.
    func worstSamples(
        _ parameters: FloatBuffer, limit: Int, describe: ([SampleJudgement]) throws -> [WorstSample]
    ) throws -> WorstSamples {
        let own = try judgeTest(parameters, limit: limit)
        let gathered: [Judged] = try setup.group.allGather(document: own, named: "worst samples")
        let worst = gathered.flatMap(\.worst).sorted(by: SampleJudgement.isWorse).prefix(limit)
        let mine = worst.filter { setup.group.mine.contains($0.slice) }
        let descriptions: [[WorstSample]] = try setup.group.allGather(
            document: try describe(mine), named: "contents of worst samples")
        // Each rank described its own in the common order.
        var rest = descriptions.map { $0[...] }
        let samples = try worst.map { judgement in
            let rank = setup.group.shares.firstIndex { $0.contains(judgement.slice) }
            guard let rank, let next = rest[rank].popFirst() else {
                throw TrainingError.ranksDisagree(what: "which samples are the worst")
            }
            return next
        }
        return WorstSamples(wrong: gathered.reduce(0) { $0 + $1.wrong }, samples: samples)
    }

    /// What one rank found in its slices.
    private struct Judged: Codable {
        var wrong = 0
        var worst: [SampleJudgement] = []
    }

    private func judgeTest(_ parameters: FloatBuffer, limit: Int) throws -> Judged {
        let slices = try team.threads.map(setup.shards.test.count) { index, member in
            judge(
                setup.shards.test[index], of: setup.group.mine.lowerBound + index, on: team.executors[member].executor,
                parameters,
                limit: limit)
        }
        let worst = slices.flatMap(\.worst).sorted(by: SampleJudgement.isWorse).prefix(limit)
        return Judged(wrong: slices.reduce(0) { $0 + $1.wrong }, worst: Array(worst))
    }

    private func judge(
        _ samples: Samples, of slice: Int, on executor: TrainingExecutor, _ parameters: FloatBuffer, limit: Int
    ) -> Judged {
        var judged = Judged()
        judge(samples, of: slice, on: executor, parameters) { judgement in
            guard judgement.isWrong else { return }
            judged.wrong += 1
            judged.worst.append(judgement)
            if judged.worst.count >= 4 * limit {
                judged.worst = Array(judged.worst.sorted(by: SampleJudgement.isWorse).prefix(limit))
            }
        }
        return judged
    }

    private func judge(
        _ samples: Samples, of slice: Int, on executor: TrainingExecutor, _ parameters: FloatBuffer,
        _ take: (SampleJudgement) -> Void
    ) {
        let capacity = executor.maximumRows
        let outputs = FloatBuffer(count: capacity * network.outputCount)
        let targetCount = samples.rows > 0 ? samples.targets.count / samples.rows : 0
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { targets in
                for first in stride(from: 0, to: samples.rows, by: capacity) {
                    let rows = min(capacity, samples.rows - first)
                    _ = executor.evaluate(
                        inputs: features.baseAddress! + first * samples.featureCount,
                        targets: targets.baseAddress! + first * targetCount, rows: rows,
                        parameters: parameters.pointer, outputs: outputs.pointer)
                    makePredictions(of: outputs, rows: rows)
                    for row in 0..<rows {
                        take(
                            SampleJudgement(
                                slice: slice, row: first + row, meaning: meaning,
                                width: network.specification.outputs, positions: network.outputPositions,
                                outputs: outputs.pointer + row * network.outputCount,
                                targets: targets.baseAddress! + (first + row) * targetCount))
                    }
                }
            }
        }
    }
}
