import Collectives
import Digests
import Foundation
public import NeuralNetworks
import Explanations
import Tensors
import Threads
public import Training

/// Trains a model, alone or together with the other ranks of a launch.
///
/// The model's function is called once, when the trainer is made; training then runs its graph without allocating
/// anything. What is learned is a function of the model, the data and the settings: any number of ranks up to `slices`
/// ends in the same bytes.
///
/// ```swift
/// struct Line: Model {
///     let layer = Layers(.linear(outputs: 1))
///
///     func callAsFunction(_ input: Value) -> Value { layer(input) }
/// }
///
/// let inputs = (0..<100).map { Float($0) / 50 - 1 }
/// let data = TrainingData.arrays(features: inputs.map { [$0] }, targets: inputs.map { 3 * $0 + 1 }, test: 0.2)
/// let trainer = try Trainer(
///     Line(), input: [1], data: data, loss: .meanSquaredError, optimizer: .adam(learningRate: 0.05),
///     batchSize: 16, epochs: 40, seed: 7)
/// let result = try await trainer.run()
/// print(try result.predict([[0.5]]))
/// ```
public final class Trainer: Sendable {
    /// Where a run stands, after every step.
    ///
    /// ```swift
    /// let result = try await trainer.run { progress in
    ///     guard progress.step == progress.steps else { return }
    ///     print("epoch \(progress.epoch) of \(progress.epochs): loss \(progress.loss)")
    /// }
    /// print("ended by \(result.stopped)")
    /// ```
    public struct Progress: Sendable {
        /// Counted from 1.
        public var epoch: Int
        public var epochs: Int
        /// Steps done in this epoch, of how many.
        public var step: Int
        public var steps: Int
        /// Mean over the epoch so far.
        public var loss: Double
        public var samplesPerSecond: Double
    }

    public let network: Network
    private let specification: TrainSpecification
    private let batchSize: Int
    private let loss: Loss
    private let data: TrainingData
    private let threads: Int
    private let group: TrainingGroup

    /// - Parameters:
    ///   - model: called once, here.
    ///   - input: shape of one row of input, such as `[10]` or `[3, 32, 32]`.
    ///   - data: the rows, read when training begins.
    ///   - loss: decides what the model's outputs mean, and so which metrics there are.
    ///   - optimizer: how parameters follow from gradients.
    ///   - schedule: of the learning rate.
    ///   - clipping: bounds for the gradient of a batch.
    ///   - batchSize: rows of one step over all ranks.
    ///   - epochs: passes over the training rows, at most.
    ///   - patience: epochs without a better loss before training ends; nil: never.
    ///   - seed: of the parameters' starting values, of dropout, of the order of the rows and of their split.
    ///   - slices: into how many parts each batch is cut, at least as many as there are ranks. Part of what decides
    ///     the result.
    ///   - threads: of this process that compute slices at the same time. Changes nothing of the result.
    ///   - group: the ranks that train together, of which this process is one.
    /// - Throws: `ModelError` or `NetworkError` with what is wrong with the model, `TrainerError.setting`.
    public init(
        _ model: some Model, input: [Int], data: TrainingData, loss: Loss,
        optimizer: OptimizerSpecification = .adam(), schedule: ScheduleSpecification = ScheduleSpecification(),
        clipping: TrainSpecification.Clipping = TrainSpecification.Clipping(), batchSize: Int, epochs: Int,
        patience: Int? = nil, seed: UInt64 = 0, slices: Int = 4, threads: Int = 1,
        group: TrainingGroup = .alone
    ) throws {
        guard TrainSpecification.sliceCounts.contains(threads) else {
            throw TrainerError.setting(
                "threads is \(threads), expected from 1 to \(TrainSpecification.sliceCounts.upperBound)")
        }
        guard group.size <= slices else {
            throw TrainerError.setting(
                "\(group.size) ranks cannot share \(counted(slices, "slice")): set slices to \(group.size)")
        }
        network = try Network(model, input: input, task: loss.name.meaning.task)
        specification = TrainSpecification(
            loss: loss, optimizer: optimizer, schedule: schedule, clipping: clipping, batchSize: batchSize,
            epochs: epochs, seed: seed, workers: group.size, slices: slices,
            stop: TrainSpecification.Stop(patience: patience))
        if let problem = specification.problem(outputs: network.specification.outputs) {
            throw TrainerError.setting(problem)
        }
        if let problem = BatchStatisticsRule(brokenBy: specification, in: network) {
            throw TrainerError.setting("\(problem)")
        }
        self.batchSize = batchSize
        self.loss = loss
        self.data = data
        self.threads = threads
        self.group = group
    }

    /// Numbers that are learned.
    public var parameterCount: Int { network.layout.parameterCount }

    /// Trains to the end, on a thread of its own.
    ///
    /// - Parameter progress: called on that thread after every step; return at once.
    /// - Throws: what is wrong with the data, `TrainerError.ranksDiffer`, or why training could not go on: the loss is
    ///   no longer a number, or another rank was lost.
    public func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws -> TrainingResult {
        let ranks = try await group.enter(slices: specification.slices)
        do {
            let result = try await NamedThread.run("train") { try self.train(ranks, progress) }
            await group.leave(ranks)
            return result
        } catch {
            group.abandon(ranks)
            throw error
        }
    }

    private func train(
        _ ranks: ProcessGroup, _ progress: @escaping @Sendable (Progress) -> Void
    ) throws -> TrainingResult {
        let part = try data.read(
            TrainingData.Request(
                inputCount: network.inputCount, input: network.specification.input,
                outputs: network.specification.outputs,
                targetCount: network.outputPositions * loss.targetCount(outputs: network.specification.outputs),
                task: network.specification.task,
                batchSize: batchSize, slices: specification.slices, seed: specification.seed),
            ranks.mine)
        try agree(ranks, on: part)
        try ranks.probe()
        let run = try TrainingRun(
            specification: specification, network: network, loss: loss, group: ranks, shards: part.shards,
            threads: threads, resume: nil)
        let outcome = try run.run(observer: ProgressObserver(progress))
        let metrics = try run.evaluateTest(outcome.state.best)
        return TrainingResult(
            network: network, parameters: outcome.state.best, optimizer: specification.optimizer,
            curve: outcome.state.curve, bestEpoch: outcome.state.progress.bestEpoch, stopped: outcome.stopped,
            metrics: metrics.figures)
    }

    /// Ranks that train different things would wait for each other for ever, or worse, would not.
    private func agree(_ ranks: ProcessGroup, on part: TrainingData.Part) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let facts: [(name: String, value: String)] = [
            ("model", ContentDigest(of: Array(try encoder.encode(network.layout))).short),
            ("settings", ContentDigest(of: Array(try encoder.encode(specification))).short),
            ("data", part.fingerprint),
        ]
        for fact in facts {
            let all = try ranks.allGather(document: fact.value, named: "the \(fact.name)")
            if let other = all.indices.first(where: { all[$0] != all[0] }) {
                throw TrainerError.ranksDiffer(
                    "rank \(other) (\(ranks.names[other])) has other \(fact.name) than rank 0 (\(ranks.names[0])); all "
                        + "ranks must run the same program with the same arguments on the same data")
            }
        }
    }
}

/// Passes on each step; no checkpoint is ever taken.
private final class ProgressObserver: TrainingObserver {
    private let progress: @Sendable (Trainer.Progress) -> Void

    init(_ progress: @escaping @Sendable (Trainer.Progress) -> Void) {
        self.progress = progress
    }

    func stepped(_ step: StepProgress) {
        progress(
            Trainer.Progress(
                epoch: step.epoch, epochs: step.epochs, step: step.step, steps: step.steps, loss: step.loss,
                samplesPerSecond: step.samplesPerSecond))
    }

    func isReadyForCheckpoint() -> Bool { false }

    func checkpoint(_ state: TrainingState) {}
}
