/// What a run tells while it runs. Called on the training thread: return at once.
package protocol TrainingObserver: AnyObject {
    func stepped(_ progress: StepProgress)

    /// Whether this worker could take a checkpoint now. All ranks are asked at the end of every epoch, and one is taken
    /// when all say yes, so that all take the same ones.
    func isReadyForCheckpoint() -> Bool

    /// The state after an epoch; it is the receiver's own copy.
    func checkpoint(_ state: TrainingState)
}

package struct StepProgress: Sendable {
    /// Counted from 1.
    package var epoch: Int
    package var epochs: Int
    /// Steps done in this epoch, of how many.
    package var step: Int
    package var steps: Int
    /// Mean over the epoch so far.
    package var loss: Double
    package var samplesPerSecond: Double
    package var secondsLeft: Double
}
