package import Collectives
import Datasets
import Foundation
package import NeuralNetworks
package import Tensors

/// One worker's part in training one model: data-parallel gradient descent in lock-step with the other ranks.
///
/// Runs on a thread of its own, which blocks while it waits for others. Everything that decides the result is a
/// function of the job and the data alone; the number of workers only decides who computes what.
package final class TrainingRun {
    /// How a run ended.
    package struct Outcome {
        package var state: TrainingState
        /// `epochs`, `steps`, `seconds`, `tolerance`, `patience` or `target`.
        package var stopped: String
    }

    let loop: EpochLoop
    let evaluator: Evaluator

    /// - Parameters:
    ///   - evaluation: what to measure on the validation part after every epoch.
    ///   - precision: of matrix products while training; the same on all ranks.
    ///   - threads: that compute slices at the same time, as far as this rank has as many. Changes no result.
    ///   - base: what freshly drawn parameters are overwritten with, as far as it goes.
    ///   - resume: where to go on; nil begins with freshly drawn parameters.
    ///   - timeline: records what is done when, by the first thread; nil: nothing is recorded.
    /// - Throws: `NetworkError` or `BaseModelError` if nothing can be taken over from the base, `TrainingError.noMemory`,
    ///   or `NamedThread.Refusal` if the system gives no threads.
    package init(
        specification: TrainSpecification, evaluation: EvaluateSpecification = EvaluateSpecification(metrics: []),
        network: Network, loss: Loss, group: ProcessGroup, shards: TrainingShards, precision: Precision = .f32,
        threads: Int = 1, base: BaseModel? = nil, resume: TrainingState?, timeline: Timeline? = nil
    ) throws {
        let plan = UpdatePlan(specification, rows: shards.trainingRows)
        for (slice, samples) in zip(group.mine, shards.training) {
            precondition(
                samples.rows == plan.batches.shardRows(ofSlice: slice), "shard \(slice) has other rows than planned")
        }
        let reduction = TeamReduction(slices: group.mine, threads: threads, of: group.tree)
        try MemoryNeed(specification, network: network, plan: plan, threads: reduction.threads.count)
            .check(available: ProcessInfo.processInfo.physicalMemory)
        let team = try SliceTeam(reduction) { thread in
            SliceExecutor(
                specification, plan: plan, network: network, loss: loss, shards: shards,
                firstSlice: group.mine.lowerBound, precision: precision, timeline: thread == 0 ? timeline : nil)
        }
        evaluator = Evaluator(
            specification, evaluation, network: network, loss: loss, group: group, shards: shards, team: team)
        let setup = ExchangeSetup(
            network: network, optimizer: specification.optimizer, group: group, team: team, timeline: timeline)
        loop = EpochLoop(
            specification, plan: plan, loss: loss, setup: setup, evaluator: evaluator,
            state: try resume ?? TrainingState(drawnFor: network, specification, base: base))
    }

    /// Threads that compute: no more than this rank has slices.
    package var threadCount: Int { evaluator.team.count }

    /// Trains to the end.
    /// - Throws: `CollectiveError` when another rank is lost or the group is aborted, `TrainingError` when the numbers
    ///   stop being numbers, or no epoch gave parameters that are a result.
    package func run(observer: any TrainingObserver) throws -> Outcome {
        let reason = try loop.run(observer: observer)
        try loop.state.checkResult(
            of: evaluator.network, judgedOn: evaluator.shards.validationRows > 0 ? "validation" : "training")
        var end = loop.state.copy()
        end.curve = end.curve.thinned()
        return Outcome(state: end, stopped: reason)
    }

    /// The test part's metrics under these parameters, the same on all ranks.
    /// - Throws: `TrainingError.noResult` if the loss is no finite number: what gives such is no model.
    package func evaluateTest(_ parameters: FloatBuffer) throws -> MetricAccumulator {
        try evaluator.test(parameters, ofEpoch: loop.state.progress.bestEpoch)
    }

    /// The wrong samples of the test part with the highest losses under these parameters, the same on all ranks.
    ///
    /// - Parameters:
    ///   - limit: how many are kept.
    ///   - describe: what a sample of this rank's slices is, for a person.
    package func worstSamples(
        _ parameters: FloatBuffer, limit: Int, describe: ([SampleJudgement]) throws -> [WorstSample]
    ) throws -> WorstSamples {
        try evaluator.worstSamples(parameters, limit: limit, describe: describe)
    }

    /// What every rank says, in rank order: for the little that is told once a run.
    package func gather<Value: Codable>(_ own: Value, named name: String) throws -> [Value] {
        try evaluator.group.allGather(document: own, named: name)
    }
}
