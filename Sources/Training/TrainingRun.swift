package import Collectives
package import Datasets
import Foundation
package import NeuralNetworks
package import Tensors
import Threads

/// One worker's part in training one model: data-parallel gradient descent in lock-step with the other ranks.
///
/// Runs on a thread of its own, which blocks while it waits for others. Everything that decides the result is a
/// function of the job and the data alone; the number of workers only decides who computes what.
package final class TrainingRun {
    /// The samples of this worker's slices, in slice order, and the sizes over all workers.
    package struct Shards {
        package var training: [Samples]
        /// Empty where the split has no such part.
        package var validation: [Samples]
        package var test: [Samples]
        package var trainingRows: Int
        package var validationRows: Int
        /// Random changes to training samples; nil: none.
        package var augmentation: Augmentation?

        package init(
            training: [Samples], validation: [Samples], test: [Samples], trainingRows: Int, validationRows: Int,
            augmentation: Augmentation? = nil
        ) {
            self.training = training
            self.validation = validation
            self.test = test
            self.trainingRows = trainingRows
            self.validationRows = validationRows
            self.augmentation = augmentation
        }
    }

    /// How a run ended.
    package struct Outcome {
        package var state: TrainingState
        /// `epochs`, `steps`, `seconds`, `tolerance`, `patience` or `target`.
        package var stopped: String
    }

    let specification: TrainSpecification
    let evaluation: EvaluateSpecification
    let network: Network
    let loss: Loss
    let group: ProcessGroup
    let shards: Shards
    let plan: UpdatePlan
    /// How this worker adds up its slices.
    let reduction: TeamReduction
    /// The threads of this worker, and what each of them computes with.
    let team: ThreadTeam
    let members: [SliceExecutor]
    /// Nil before the first step.
    var exchange: (any GradientExchange)?
    let schedule: Schedule
    let stop: StopRule
    let watch: SpikeWatch?
    var state: TrainingState
    var clock = StepClock()
    /// Of the epoch under way.
    var times = StepTimes()
    var epochStart = ContinuousClock.now
    /// Records what is done when, by the first thread; nil: nothing is recorded. Set before `run`.
    package var timeline: Timeline? {
        didSet {
            members[0].timeline = timeline
            exchange?.timeline = timeline
        }
    }

    /// - Parameters:
    ///   - evaluation: what to measure on the validation part after every epoch.
    ///   - precision: of matrix products while training; the same on all ranks.
    ///   - threads: that compute slices at the same time, as far as this rank has as many. Changes no result.
    ///   - base: what freshly drawn parameters are overwritten with, as far as it goes.
    ///   - resume: where to go on; nil begins with freshly drawn parameters.
    /// - Throws: `NetworkError` or `BaseModelError` if nothing can be taken over from the base, `TrainingError.noMemory`,
    ///   or `NamedThread.Refusal` if the system gives no threads.
    package init(
        specification: TrainSpecification, evaluation: EvaluateSpecification = EvaluateSpecification(metrics: []),
        network: Network, loss: Loss, group: ProcessGroup, shards: Shards, precision: Precision = .f32,
        threads: Int = 1, base: BaseModel? = nil, resume: TrainingState?
    ) throws {
        self.specification = specification
        self.evaluation = evaluation
        self.network = network
        self.loss = loss
        self.group = group
        self.shards = shards
        plan = UpdatePlan(specification, rows: shards.trainingRows)
        for (slice, samples) in zip(group.mine, shards.training) {
            precondition(
                samples.rows == plan.batches.shardRows(ofSlice: slice), "shard \(slice) has other rows than planned")
        }
        reduction = TeamReduction(slices: group.mine, threads: threads, of: group.tree)
        try MemoryNeed(specification, network: network, plan: plan, threads: reduction.threads.count)
            .check(available: ProcessInfo.processInfo.physicalMemory)
        team = try ThreadTeam(count: reduction.threads.count, name: "train")
        members = reduction.threads.map { [plan] _ in
            SliceExecutor(
                specification, plan: plan, network: network, loss: loss, shards: shards,
                firstSlice: group.mine.lowerBound, precision: precision)
        }
        schedule = Schedule(
            specification.schedule, base: specification.optimizer.learningRate,
            totalSteps: plan.updates(epochs: specification.epochs, steps: specification.stop.steps))
        stop = StopRule(specification)
        watch = specification.spikeGuard.map(SpikeWatch.init)
        if let resume {
            state = resume
        } else {
            let parameters = FloatBuffer(count: network.layout.count)
            network.initialize(parameters.pointer, seed: specification.seed)
            try base?.adopt(into: parameters, of: network)
            state = TrainingState(
                parameters: parameters,
                moments: Optimizer(specification.optimizer, layout: network.layout).states, best: parameters.copy(),
                progress: TrainingProgress(), curve: [])
        }
    }

    /// Threads that compute: no more than this rank has slices.
    package var threadCount: Int { team.count }

    /// Trains to the end.
    /// - Throws: `CollectiveError` when another rank is lost or the group is aborted, `TrainingError` when the numbers
    ///   stop being numbers, or no epoch gave parameters that are a result.
    package func run(observer: any TrainingObserver) throws -> Outcome {
        while true {
            if let reason = stop.reason(at: state.progress, curve: state.curve) {
                try checkResult()
                var end = state.copy()
                end.curve = end.curve.thinned()
                return Outcome(state: end, stopped: reason)
            }
            try runEpoch(observer: observer)
        }
    }
}
