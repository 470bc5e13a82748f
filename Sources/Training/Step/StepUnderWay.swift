/// Which step is being computed.
struct StepUnderWay {
    /// Epochs completed before it.
    var epoch = 0
    /// Within the epoch, from 0.
    var update = 0
    /// Whether this worker's time is over.
    var isLate = false
}
