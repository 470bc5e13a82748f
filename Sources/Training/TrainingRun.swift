package import Collectives
import Foundation
package import NeuralNetworks
package import Tensors
import Threads

/// One worker's part in training one model: data-parallel gradient descent in lock-step with the other ranks.
///
/// Runs on a thread of its own, which blocks while it waits for others. Everything that decides the result is a
/// function of the job and the data alone; the number of workers only decides who computes what.
package struct TrainingRun {
    /// How a run ended.
    package struct Outcome {
        package var state: TrainingState
        /// `epochs`, `steps`, `seconds`, `tolerance`, `patience` or `target`.
        package var stopped: String
    }

    package let group: ProcessGroup
    let loop: EpochLoop
    let evaluator: Evaluator
    /// Threads that compute: no more than this rank has slices.
    package let threadCount: Int

    /// - Parameters:
    ///   - evaluation: what to measure on the validation part after every epoch.
    ///   - precision: of matrix products while training; the same on all ranks.
    ///   - threads: that compute slices at the same time, as far as this rank has as many. Changes no result.
    ///   - base: what freshly drawn parameters are overwritten with, as far as it goes.
    ///   - timeline: records what is done when, by the first thread; nil: nothing is recorded.
    ///   - resume: where to go on; nil begins with freshly drawn parameters.
    /// - Throws: `NetworkError` or `BaseModelError` if nothing can be taken over from the base, `TrainingError.noMemory`,
    ///   or `NamedThread.Refusal` if the system gives no threads.
    package init(
        specification: TrainSpecification, evaluation: EvaluateSpecification = EvaluateSpecification(metrics: []),
        network: Network, loss: Loss, group: ProcessGroup, shards: TrainingShards, precision: Precision = .f32,
        threads: Int = 1, base: BaseModel? = nil, timeline: Timeline? = nil, resume: TrainingState?
    ) throws {
        let setup = TrainingSetup(
            specification: specification, network: network, loss: loss, group: group, shards: shards)
        let reduction = TeamReduction(slices: group.mine, threads: threads, of: group.tree)
        try MemoryNeed(specification, network: network, plan: setup.plan, threads: reduction.threads.count)
            .check(available: ProcessInfo.processInfo.physicalMemory)
        let team = try SliceTeam(setup, reduction: reduction, precision: precision, timeline: timeline)
        self.group = group
        evaluator = Evaluator(setup, evaluation, team: team)
        loop = EpochLoop(
            setup, team: team, evaluator: evaluator, timeline: timeline,
            state: try resume ?? setup.firstState(base: base))
        threadCount = team.threads.count
    }

    /// Trains to the end.
    /// - Throws: `CollectiveError` when another rank is lost or the group is aborted, `TrainingError` when the numbers
    ///   stop being numbers, or no epoch gave parameters that are a result.
    package func run(observer: any TrainingObserver) throws -> Outcome {
        try loop.run(observer: observer)
    }

    /// The test part's metrics under these parameters, merged over all ranks in slice order.
    /// - Throws: `TrainingError.noResult` if the loss is no finite number: what gives such is no model.
    package func evaluateTest(_ parameters: FloatBuffer) throws -> MetricAccumulator {
        try evaluator.evaluateTest(parameters, ofEpoch: loop.state.progress.bestEpoch)
    }

    /// The samples of the test part that do worst under these parameters: `Evaluator.worstSamples`.
    package func worstSamples(
        _ parameters: FloatBuffer, limit: Int, describe: ([SampleJudgement]) throws -> [WorstSample]
    ) throws -> WorstSamples {
        try evaluator.worstSamples(parameters, limit: limit, describe: describe)
    }
}
