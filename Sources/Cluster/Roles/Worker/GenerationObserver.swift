import Foundation
import Training
import Wire

/// Tells the coordinator how a run goes: a few times a second, from rank 0, in messages that may get lost.
final class GenerationObserver: TrainingObserver {
    private let assignment: Assignment
    private let control: ControlLink
    private let uploader: CheckpointUploader
    private let clock = ContinuousClock()
    private var lastReport: ContinuousClock.Instant?

    private static let interval: Duration = .milliseconds(200)

    init(_ assignment: Assignment, control: ControlLink, uploader: CheckpointUploader) {
        self.assignment = assignment
        self.control = control
        self.uploader = uploader
    }

    func stepped(_ progress: StepProgress) {
        guard assignment.rank == 0 else { return }
        let now = clock.now
        if let lastReport, now - lastReport < Self.interval, progress.step < progress.steps { return }
        lastReport = now
        let report = ProgressReport(
            job: assignment.job, generation: assignment.generation, epoch: progress.epoch, epochs: progress.epochs,
            step: progress.step, steps: progress.steps, loss: progress.loss,
            samplesPerSecond: progress.samplesPerSecond, secondsLeft: progress.secondsLeft)
        control.tell("progress", report)
    }

    func isReadyForCheckpoint() -> Bool { uploader.isIdle }

    func checkpoint(_ state: TrainingState) { uploader.begin(state) }
}
