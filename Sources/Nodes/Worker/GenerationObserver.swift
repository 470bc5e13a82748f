import JobProtocol
import ClusterProtocol
import Training

/// Tells the coordinator how a run goes, from rank 0, and hands checkpoints to the uploader.
///
/// Both at a bounded rate: epochs may be shorter than a message takes to be read, and many jobs share one coordinator.
/// What a report that is left out would have said, the next one says as well.
final class GenerationObserver: TrainingObserver {
    private let assignment: Assignment
    private let control: ControlLink
    private let uploader: CheckpointUploader
    private let clock = ContinuousClock()
    private var reports = Pace(every: GenerationObserver.reportInterval)
    private var checkpoints = Pace(every: GenerationObserver.checkpointInterval)

    static let reportInterval: Duration = .milliseconds(200)
    /// A worker that is lost costs the others this much more than the epoch that it was in.
    static let checkpointInterval: Duration = .milliseconds(250)

    init(_ assignment: Assignment, control: ControlLink, uploader: CheckpointUploader) {
        self.assignment = assignment
        self.control = control
        self.uploader = uploader
    }

    func stepped(_ progress: StepProgress) {
        let now = clock.now
        guard assignment.rank == 0, progress.isLast || reports.allows(at: now) else { return }
        reports.happened(at: now)
        let report = ProgressReport(
            job: assignment.job, generation: assignment.generation, epoch: progress.epoch, epochs: progress.epochs,
            step: progress.step, steps: progress.steps, loss: progress.loss,
            samplesPerSecond: progress.samplesPerSecond, secondsLeft: progress.secondsLeft)
        control.tell(report)
    }

    func isReadyForCheckpoint() -> Bool { uploader.isIdle && checkpoints.allows(at: clock.now) }

    func checkpoint(_ state: TrainingState) {
        checkpoints.happened(at: clock.now)
        uploader.begin(state)
    }
}

extension StepProgress {
    /// Whether nothing comes behind it.
    fileprivate var isLast: Bool { epoch == epochs && step == steps }
}
