/// Which step is computed, both numbers counted from 0.
struct StepPosition {
    var epoch: Int
    /// Within the epoch.
    var update: Int
    /// Whether this worker's time is over.
    var isLate: Bool
}
