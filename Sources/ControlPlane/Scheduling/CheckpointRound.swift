package import JobProtocol
import Digests
package import Training

/// The ranks of one generation agreeing on one checkpoint.
///
/// Every rank computes the digests of the whole files by itself, so a rank whose parameters went another way is found
/// here, before anything is committed.
package struct CheckpointRound: Codable, Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// Some ranks have not said anything yet.
        case waiting
        /// All ranks said the same.
        case complete
        /// Two ranks differ; the text names them and their digests.
        case diverged(String)
    }

    package let commit: CheckpointCommit
    package let world: Int
    package let deadline: ContinuousClock.Instant
    /// Who waits for the answer, by rank.
    package private(set) var requests: [Int: RequestID] = [:]
    /// The epochs since the last checkpoint, as rank 0 tells them.
    package private(set) var curve: [EpochRecord] = []
    /// All ranks agreed and the files are being made permanent.
    package var isStoring = false

    /// A round that `commit` opens; `add` it afterwards.
    package init(_ commit: CheckpointCommit, world: Int, deadline: ContinuousClock.Instant) {
        self.commit = commit
        self.world = world
        self.deadline = deadline
    }

    package var step: Int { commit.checkpoint.progress.step }

    /// A rank that asks again, because its answer got lost, replaces its earlier request.
    package mutating func add(_ other: CheckpointCommit, request: RequestID) -> Outcome {
        requests[other.rank] = request
        if other.rank == 0 { curve = other.curve }
        guard other.checkpoint == commit.checkpoint, other.modelBytes == commit.modelBytes,
            other.optimizerBytes == commit.optimizerBytes
        else {
            return .diverged(
                "ranks diverged at step \(step): rank \(commit.rank) has \(Self.figures(commit)), "
                    + "rank \(other.rank) has \(Self.figures(other))")
        }
        return requests.count == world ? .complete : .waiting
    }

    package var upload: CheckpointUpload {
        CheckpointUpload(
            job: commit.job, generation: commit.generation, checkpoint: commit.checkpoint,
            modelBytes: commit.modelBytes, optimizerBytes: commit.optimizerBytes)
    }

    private static func figures(_ commit: CheckpointCommit) -> String {
        let checkpoint = commit.checkpoint
        return "model \(checkpoint.model.short), optimizer \(checkpoint.optimizer.short), "
            + "best \(checkpoint.best.short) at step \(checkpoint.progress.step)"
    }
}
