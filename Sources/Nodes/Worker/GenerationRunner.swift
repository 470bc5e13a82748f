import JobProtocol
import ClusterProtocol
import Checkpoints
import Collectives
import Datasets
import Digests
import Explanations
import Foundation
import Logging
import Messaging
import NeuralNetworks
import Synchronization
import Tensors
import Threads
import Training
import Wire

/// One worker's part in one generation of one job, from the assignment to its end.
final class GenerationRunner: Sendable {
    enum Ending: Sendable, Equatable {
        case finished
        /// The coordinator ended the generation.
        case stopped(reason: String)
        /// This worker cannot go on; `permanent` when no other try can help.
        case failed(reason: String, permanent: Bool)
        /// The disk of this worker does not take what the generation needs.
        case foundNoRoom(reason: String)
    }

    /// What a generation needs of the worker that it runs on.
    struct Surroundings: Sendable {
        var messenger: any Messenger
        var control: ControlLink
        var roster: GroupRoster
        /// Shards and checkpoints, by content.
        var cache: NodeCache
        /// That compute.
        var threads: Int
        var logger: Logger
        /// For how long the other ranks may take to enter the generation.
        var patience = PeerLinks.patience
    }

    private struct State {
        var training: Task<Void, any Error>?
        var group: ProcessGroup?
        var uploader: CheckpointUploader?
        var stopReason: String?
    }

    let assignment: Assignment
    let surroundings: Surroundings
    private let state = Mutex(State())

    init(_ assignment: Assignment, in surroundings: Surroundings) {
        self.assignment = assignment
        self.surroundings = surroundings
    }

    /// Ends the generation on this worker as soon as the current step allows.
    func stop(_ reason: String) {
        let state = state.withLock { state in
            state.stopReason = state.stopReason ?? reason
            return state
        }
        state.training?.cancel()
        state.group?.abort(reason)
        state.uploader?.cancel()
    }

    /// Whatever it waits for, contents or the other ranks, it waits no longer once it is stopped.
    func run() async -> Ending {
        let training = Task { try await train() }
        let isStopped = state.withLock { state in
            state.training = training
            return state.stopReason != nil
        }
        if isStopped { training.cancel() }
        do {
            try await withTaskCancellationHandler {
                try await training.value
            } onCancel: {
                training.cancel()
            }
            return .finished
        } catch {
            if let reason = state.withLock({ $0.stopReason }) { return .stopped(reason: reason) }
            return Self.ending(for: error)
        }
    }

    /// How a generation ends that this error ends.
    static func ending(for error: any Error) -> Ending {
        if ContentProblem.isOfNoRoom(error) { return .foundNoRoom(reason: error.explanation) }
        return .failed(reason: error.explanation, permanent: isPermanent(error))
    }

    /// Whether another try fails alike: the job, its data or the coordinator's copy of them is at fault.
    private static func isPermanent(_ error: any Error) -> Bool {
        switch error {
        case is TrainingError, is NetworkError, is ShardError, CollectiveError.malformed: true
        case let problem as ContentProblem: problem.isOfTheCoordinator
        default: false
        }
    }

    private func train() async throws {
        let network = try Network(assignment.specification.model)
        let files = try StateFiles(network, optimizer: assignment.specification.train.optimizer)
        let shards = try await fetchShards()
        let base = try await fetchBase()
        let resume = try await fetchState(files)

        let peers = try PeerLinks(
            group: assignment.generation, rank: assignment.rank,
            members: assignment.members.map { GroupMember(name: $0.name, endpoint: $0.endpoint) },
            messenger: surroundings.messenger)
        defer { peers.close() }
        let group = ProcessGroup(
            id: assignment.generation, rank: assignment.rank, names: assignment.members.map(\.name),
            shares: assignment.members.map(\.slices),
            tree: SliceTree(slices: assignment.specification.train.slices),
            transport: LinkTransport(links: peers.links))
        let uploader = CheckpointUploader(
            assignment, files: files, control: surroundings.control, logger: surroundings.logger)
        surroundings.roster.enter(.init(id: group.id, names: group.names) { group.deliver($0, $1) })
        defer { surroundings.roster.leave(group.id) }
        state.withLock {
            $0.group = group
            $0.uploader = uploader
        }
        defer { uploader.cancel() }
        if let reason = state.withLock({ $0.stopReason }) { throw CollectiveError.aborted(reason: reason) }
        try await peers.greet(within: surroundings.patience)

        let trained = try await NamedThread.run("train") { [assignment, surroundings] in
            try group.probe()
            if group.size > 1 { surroundings.logger.info("generation \(assignment.generation): \(group.tuning)") }
            let observer = GenerationObserver(assignment, control: surroundings.control, uploader: uploader)
            let asked = assignment.specification.train.precision
            let agreement = try PrecisionAgreement(asked: asked, isSupported: asked.isSupported, group: group)
            agreement.log(to: surroundings.logger)
            let timeline = self.makeTimeline()
            let run = try TrainingRun(
                specification: assignment.specification.train, evaluation: assignment.specification.evaluate,
                network: network, loss: assignment.specification.loss, group: group, shards: shards,
                precision: agreement.precision, threads: surroundings.threads, base: base, resume: resume,
                timeline: timeline)
            self.logThreads(of: run)
            let outcome = try run.run(observer: observer)
            let best = outcome.state.best
            let metrics = try run.evaluateTest(best)
            return Trained(
                outcome: outcome, metrics: metrics, golden: try self.golden(network, best),
                evaluation: try self.evaluate(run, best, metrics: metrics),
                trace: try timeline.map { try self.gatherTrace(run, $0) })
        }
        let outcome = trained.outcome
        let reference = try await uploader.finish(outcome.state)
        guard assignment.rank == 0 else { return }
        let result = JobResult(
            model: reference.best, modelBytes: files.model.byteCount, epoch: outcome.state.progress.bestEpoch,
            step: outcome.state.progress.step, stopped: outcome.stopped, metrics: trained.metrics.figures,
            curve: outcome.state.curve, golden: trained.golden, evaluation: trained.evaluation)
        if let trace = trained.trace {
            try await surroundings.control.call(
                TraceReport(job: assignment.job, generation: assignment.generation, trace: trace))
        }
        try await surroundings.control.call(
            GenerationFinished(job: assignment.job, generation: assignment.generation, result: result))
    }

    /// Threads without a slice are no help; the job's number of slices is fixed.
    private func logThreads(of run: TrainingRun) {
        let idle = surroundings.threads - run.threadCount
        guard idle > 0 else { return }
        surroundings.logger.info(
            "threads without a slice: train.slices of the job file is the number of threads that its workers can use",
            metadata: ["threads": "\(surroundings.threads)", "idle": "\(idle)"])
    }

    /// What the training thread gives back.
    private struct Trained {
        var outcome: TrainingRun.Outcome
        var metrics: MetricAccumulator
        var golden: Golden
        var evaluation: JobEvaluation?
        var trace: JobTrace?
    }

    /// Each content once, whoever needs it: it is hashed on the way.
    private func fetch(_ digests: [ContentDigest]) async throws {
        for digest in Set(digests) { try await surroundings.control.fetch(digest, into: surroundings.cache) }
    }

    /// The rows of this worker's slices: from the cache, or from the coordinator.
    private func fetchShards() async throws -> TrainingShards {
        let plan = assignment.plan
        let slices = assignment.members[assignment.rank].slices
        let parts = [plan.training, plan.validation, plan.test].map { $0.isEmpty ? [] : Array($0[slices]) }
        try await fetch((parts.joined() + [goldenShard].compactMap(\.self)).map(\.digest))
        let augmentation = assignment.specification.data.augmentation
        return try await NamedThread.run("shards") { [store = surroundings.cache.store] in
            let reader = ShardReader(preprocessing: plan.preprocessing)
            let samples = try parts.map { part in
                try part.map { try reader.samples(ofFile: store.url(of: $0.digest)) }
            }
            return TrainingShards(
                training: samples[0], validation: samples[1], test: samples[2], trainingRows: plan.trainingRows,
                validationRows: plan.validationRows, augmentation: augmentation)
        }
    }

    /// What the parameters start from; nil: random numbers, or a checkpoint.
    private func fetchBase() async throws -> BaseModel? {
        guard let start = assignment.start, assignment.resume == nil else { return nil }
        try await fetch([start.model])
        return try await NamedThread.run("base") { [store = surroundings.cache.store] in
            try BaseModel(contentsOf: store.url(of: start.model))
        }
    }

    /// The checkpoint to go on from; nil at the beginning.
    private func fetchState(_ files: StateFiles) async throws -> TrainingState? {
        guard let reference = assignment.resume else { return nil }
        try await fetch([reference.model, reference.optimizer, reference.best])
        return try await NamedThread.run("checkpoint") { [store = surroundings.cache.store, assignment] in
            try files.state(
                model: store.url(of: reference.model), optimizer: store.url(of: reference.optimizer),
                best: store.url(of: reference.best), progress: reference.progress, curve: assignment.curve)
        }
    }

    /// A few raw rows and what the finished model makes of them, by which inference nodes prove themselves.
    private func golden(_ network: Network, _ parameters: FloatBuffer) throws -> Golden {
        let plan = assignment.plan
        guard let shard = goldenShard else { return Golden(input: [], rows: 0, output: []) }
        let bytes = try Data(contentsOf: surroundings.cache.store.url(of: shard.digest))
        let raw = try bytes.withUnsafeBytes {
            try ShardReader(preprocessing: plan.preprocessing).rawRows(
                of: $0, limit: Self.goldenRows(ofWidth: plan.preprocessing.rawColumns))
        }
        let rows = raw.targets.count / plan.preprocessing.targetCount
        let inputs = FloatBuffer(count: rows * network.inputCount)
        plan.preprocessing.encode(numbers: raw.numbers, rows: rows, into: inputs.pointer)
        let outputs = FloatBuffer(count: rows * network.outputCount)
        InferenceExecutor(network: network, maximumRows: rows).run(
            inputs: inputs.pointer, rows: rows, parameters: parameters.pointer, outputs: outputs.pointer)
        // Odd, so that of a head whose width is a power of two not always the same class is kept.
        let interval = outputs.count <= Self.goldenOutputs ? 1 : outputs.count / Self.goldenOutputs | 1
        return Golden(
            input: raw.numbers, rows: rows,
            output: stride(from: 0, to: outputs.count, by: interval).map { outputs.pointer[$0] },
            interval: interval > 1 ? interval : nil)
    }

    /// Rows that are kept: fewer of wide ones, so that the result fits in a message, but at least one.
    static func goldenRows(ofWidth columns: Int) -> Int {
        max(1, min(4, goldenInputs / max(1, columns)))
    }

    private static let goldenInputs = 1 << 18
    /// About so many numbers of a result with more of them, such as a language model's, are kept.
    private static let goldenOutputs = 16_384

    /// Where rank 0 takes the golden rows from: the same whatever the number of workers, so it may be another rank's.
    private var goldenShard: DataPlan.Shard? {
        guard assignment.rank == 0 else { return nil }
        return (assignment.plan.test + assignment.plan.training).first { $0.rows > 0 }
    }
}
