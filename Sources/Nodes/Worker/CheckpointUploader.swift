import JobProtocol
import ClusterProtocol
import Checkpoints
import Digests
import Foundation
import Logging
import Synchronization
import Threads
import Training

/// Sends this rank's share of each checkpoint to the coordinator while training goes on, one at a time.
///
/// When the coordinator is away the upload waits for it; meanwhile `isIdle` is false, and the ranks agree to take no
/// other checkpoint.
final class CheckpointUploader: Sendable {
    private struct Current {
        var task: Task<CheckpointReference, any Error>?
        var isIdle = true
        /// The last epoch that the coordinator has the curve of.
        var committedEpoch: Int
    }

    private let assignment: Assignment
    private let files: StateFiles
    private let control: ControlLink
    private let logger: Logger
    private let current: Mutex<Current>

    init(_ assignment: Assignment, files: StateFiles, control: ControlLink, logger: Logger) {
        self.assignment = assignment
        self.files = files
        self.control = control
        self.logger = logger
        current = Mutex(Current(committedEpoch: assignment.resume?.progress.epoch ?? 0))
    }

    var isIdle: Bool { current.withLock { $0.isIdle } }

    /// Takes over a copy of the state and returns at once.
    func begin(_ state: TrainingState) {
        current.withLock { current in
            let previous = current.task
            current.isIdle = false
            current.task = Task {
                _ = try await previous?.value
                let reference = try await upload(state)
                self.current.withLock {
                    $0.isIdle = true
                    $0.committedEpoch = state.progress.epoch
                }
                return reference
            }
        }
    }

    /// Uploads the last state of a run and waits until it is committed.
    func finish(_ state: TrainingState) async throws -> CheckpointReference {
        begin(state)
        let task = current.withLock { $0.task }
        guard let task else { preconditionFailure("begin has just set it") }
        return try await task.value
    }

    func cancel() {
        current.withLock { $0.task?.cancel() }
    }

    private func upload(_ state: TrainingState) async throws -> CheckpointReference {
        let (model, optimizer, best) = try await NamedThread.run("checkpoint") { [files] in
            (files.modelFile(state.parameters), files.optimizerFile(state), files.modelFile(state.best))
        }
        var sent: Set<ContentDigest> = []
        for file in [model, optimizer, best] where sent.insert(file.digest).inserted {
            try await control.upload(
                file.digest, total: file.bytes.count,
                range: file.layout.range(ofRank: assignment.rank, of: assignment.members.count), of: file.bytes)
        }
        let reference = CheckpointReference(
            model: model.digest, optimizer: optimizer.digest, best: best.digest, progress: state.progress)
        let commit = CheckpointCommit(
            job: assignment.job, generation: assignment.generation, rank: assignment.rank, checkpoint: reference,
            modelBytes: model.bytes.count, optimizerBytes: optimizer.bytes.count,
            curve: assignment.rank == 0 ? newEpochs(of: state.curve) : [])
        try await control.call(commit)
        logger.debug("checkpoint committed", metadata: ["step": "\(state.progress.step)"])
        return reference
    }

    private func newEpochs(of curve: [EpochRecord]) -> [EpochRecord] {
        let committed = current.withLock { $0.committedEpoch }
        return curve.thinned().filter { $0.epoch > committed }
    }
}
