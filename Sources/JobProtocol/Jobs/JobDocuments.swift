package import Checkpoints
package import Datasets
package import Digests
package import Foundation
package import Training

/// Coordinator to worker: take part in one generation of one job. Kind `assign`.
package struct Assignment: Codable, Sendable, Equatable {
    package var job: String
    /// Counts up with every change of the set of workers; also names the collective group on the wire.
    package var generation: UInt64
    package var rank: Int
    /// In rank order, this worker included.
    package var members: [Member]
    package var specification: JobSpecification
    package var plan: DataPlan
    /// What the parameters start from at the beginning; nil: random numbers.
    package var start: StartingPoint?
    /// Where to go on; nil: at the beginning.
    package var resume: CheckpointReference?
    /// The loss curve up to there, thinned.
    package var curve: [EpochRecord]
    /// Whether to record what is done when.
    package var profile: Bool

    package struct Member: Codable, Sendable, Equatable {
        package var name: String
        package var endpoint: String
        /// The contiguous slices of every batch that this member computes.
        package var slices: Range<Int>

        package init(name: String, endpoint: String, slices: Range<Int>) {
            self.name = name
            self.endpoint = endpoint
            self.slices = slices
        }
    }

    package init(
        job: String, generation: UInt64, rank: Int, members: [Member], specification: JobSpecification,
        plan: DataPlan, start: StartingPoint? = nil, resume: CheckpointReference?, curve: [EpochRecord],
        profile: Bool = false
    ) {
        self.job = job
        self.generation = generation
        self.rank = rank
        self.members = members
        self.specification = specification
        self.plan = plan
        self.start = start
        self.resume = resume
        self.curve = curve
        self.profile = profile
    }
}

/// Coordinator to worker: leave this generation now. Kind `stop`.
package struct StopGeneration: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var reason: String

    package init(job: String, generation: UInt64, reason: String) {
        self.job = job
        self.generation = generation
        self.reason = reason
    }
}

/// A committed checkpoint. The progress says where training goes on.
package struct CheckpointReference: Codable, Sendable, Equatable {
    /// `model.safetensors`.
    package var model: ContentDigest
    /// `optimizer.safetensors`: the optimizer's moments, by parameter name.
    package var optimizer: ContentDigest
    /// The model of the best epoch so far, as long as `model`: the same file when the last epoch was the best. Not
    /// every epoch has a checkpoint, so this may be a model that no earlier checkpoint named.
    package var best: ContentDigest
    package var progress: TrainingProgress

    package init(
        model: ContentDigest, optimizer: ContentDigest, best: ContentDigest, progress: TrainingProgress
    ) {
        self.model = model
        self.optimizer = optimizer
        self.best = best
        self.progress = progress
    }
}

/// Worker to coordinator, one way and often, from rank 0. Kind `progress`.
package struct ProgressReport: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var epoch: Int
    package var epochs: Int
    /// Steps done in this epoch, of how many.
    package var step: Int
    package var steps: Int
    package var loss: Double
    package var samplesPerSecond: Double
    package var secondsLeft: Double

    package init(
        job: String, generation: UInt64, epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double,
        samplesPerSecond: Double, secondsLeft: Double
    ) {
        self.job = job
        self.generation = generation
        self.epoch = epoch
        self.epochs = epochs
        self.step = step
        self.steps = steps
        self.loss = loss
        self.samplesPerSecond = samplesPerSecond
        self.secondsLeft = secondsLeft
    }
}

/// Every rank to the coordinator, once its byte ranges of the files are uploaded; answered when all ranks have said
/// the same and the checkpoint is committed. Kind `checkpoint`.
package struct CheckpointCommit: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var rank: Int
    package var checkpoint: CheckpointReference
    package var modelBytes: Int
    package var optimizerBytes: Int
    /// From rank 0, the epochs since the last checkpoint that was committed, thinned; from the others nothing.
    package var curve: [EpochRecord]

    package init(
        job: String, generation: UInt64, rank: Int, checkpoint: CheckpointReference, modelBytes: Int,
        optimizerBytes: Int, curve: [EpochRecord]
    ) {
        self.job = job
        self.generation = generation
        self.rank = rank
        self.checkpoint = checkpoint
        self.modelBytes = modelBytes
        self.optimizerBytes = optimizerBytes
        self.curve = curve
    }
}

/// Rank 0 to the coordinator when training and evaluation are over; repeated until acknowledged. Kind `finished`.
package struct GenerationFinished: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var result: TrainingResult

    package init(job: String, generation: UInt64, result: TrainingResult) {
        self.job = job
        self.generation = generation
        self.result = result
    }
}

package struct TrainingResult: Codable, Sendable, Equatable {
    /// `model.safetensors` of the best epoch, already in the coordinator's store.
    package var model: ContentDigest
    package var modelBytes: Int
    package var epoch: Int
    package var step: Int
    /// Why training ended: `epochs`, `patience`, `steps`.
    package var stopped: String
    /// On the test part, by metric name.
    package var metrics: [String: Double]
    /// Of the whole run, thinned.
    package var curve: [EpochRecord]
    package var golden: Golden
    /// Nil if there is no test part.
    package var evaluation: JobEvaluation?

    package init(
        model: ContentDigest, modelBytes: Int, epoch: Int, step: Int, stopped: String, metrics: [String: Double],
        curve: [EpochRecord], golden: Golden, evaluation: JobEvaluation? = nil
    ) {
        self.model = model
        self.modelBytes = modelBytes
        self.epoch = epoch
        self.step = step
        self.stopped = stopped
        self.metrics = metrics
        self.curve = curve
        self.golden = golden
        self.evaluation = evaluation
    }
}

/// Any rank to the coordinator when its generation cannot go on. Kind `generation-failed`.
package struct GenerationFailed: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var rank: Int
    package var reason: String
    /// True when another try cannot help: the job file or the data is at fault.
    package var permanent: Bool
    /// True when the disk of the rank's worker is full: that is no failed try. Nil, as from workers that know no such
    /// word: it is one.
    package var noRoom: Bool?

    package init(
        job: String, generation: UInt64, rank: Int, reason: String, permanent: Bool, noRoom: Bool? = nil
    ) {
        self.job = job
        self.generation = generation
        self.rank = rank
        self.reason = reason
        self.permanent = permanent
        self.noRoom = noRoom
    }
}

/// What `martlet job show` prints.
package struct JobStatus: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable {
        /// The data is being indexed and checked.
        case preparing
        /// Waits for workers; `detail` says for how many.
        case waiting
        case running
        case finished
        case failed
        case cancelled

        package var isFinal: Bool { self == .finished || self == .failed || self == .cancelled }
    }

    package var id: String
    package var name: String
    package var state: State
    /// What it waits for, or why it ended.
    package var detail: String
    package var submitted: Date
    package var started: Date?
    package var ended: Date?
    package var generation: UInt64
    package var workers: [String]
    package var progress: ProgressReport?
    /// Why nothing of the job can be stored at the moment, such as a full disk; nil when all is well.
    package var storageProblem: String?
    /// Thinned, as `[EpochRecord].thinned` says.
    package var curve: [EpochRecord]
    package var metrics: [String: Double]
    /// What the checks of the job found when it was submitted, and its preparation in the data and in its base.
    package var warnings: [String]
    /// The version it made, once finished.
    package var version: Int?
    package var specification: JobSpecification

    package init(
        id: String, name: String, state: State, detail: String, submitted: Date, started: Date? = nil,
        ended: Date? = nil, generation: UInt64 = 0, workers: [String] = [], progress: ProgressReport? = nil,
        curve: [EpochRecord] = [], metrics: [String: Double] = [:], warnings: [String] = [], version: Int? = nil,
        specification: JobSpecification
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.detail = detail
        self.submitted = submitted
        self.started = started
        self.ended = ended
        self.generation = generation
        self.workers = workers
        self.progress = progress
        self.curve = curve
        self.metrics = metrics
        self.warnings = warnings
        self.version = version
        self.specification = specification
    }
}
