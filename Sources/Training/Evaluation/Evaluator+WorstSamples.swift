import Collectives
import Datasets
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
        let gathered = try group.allGather(document: own, named: "worst samples")
        let worst = gathered.flatMap(\.worst).sorted(by: SampleJudgement.isWorse).prefix(limit)
        let mine = worst.filter { group.mine.contains($0.slice) }
        let descriptions = try group.allGather(document: try describe(mine), named: "contents of worst samples")
        // Each rank described its own in the common order.
        var rest = descriptions.map { $0[...] }
        let samples = try worst.map { judgement in
            let rank = group.shares.firstIndex { $0.contains(judgement.slice) }
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
        let slices = try team.threads.map(shards.test.count) { [self] index, member in
            judge(
                shards.test[index], of: group.mine.lowerBound + index, on: team.executors[member].executor, parameters,
                limit: limit)
        }
        let worst = slices.flatMap(\.worst).sorted(by: SampleJudgement.isWorse).prefix(limit)
        return Judged(wrong: slices.reduce(0) { $0 + $1.wrong }, worst: Array(worst))
    }

    private func judge(
        _ samples: Samples, of slice: Int, on executor: TrainingExecutor, _ parameters: FloatBuffer, limit: Int
    ) -> Judged {
        var judged = Judged()
        predict(samples, on: executor, parameters) { batch in
            for row in 0..<batch.rows {
                let judgement = SampleJudgement(
                    slice: slice, row: batch.firstRow + row, meaning: meaning,
                    width: network.specification.outputs, positions: network.outputPositions,
                    outputs: batch.outputs + row * network.outputCount,
                    targets: batch.targets + row * samples.targetCount)
                guard judgement.isWrong else { continue }
                judged.wrong += 1
                judged.worst.append(judgement)
                if judged.worst.count >= 4 * limit {
                    judged.worst = Array(judged.worst.sorted(by: SampleJudgement.isWorse).prefix(limit))
                }
            }
        }
        return judged
    }
}
