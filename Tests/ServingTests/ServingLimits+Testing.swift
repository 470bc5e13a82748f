import Serving

/// What tests that are about other things serve with.
extension ServingLimits {
    init(maximumBatchRows: Int = 64) {
        self.init(maximumBatchRows: maximumBatchRows, queueRows: 1024)
    }

    init(queueRows: Int) {
        self.init(maximumBatchRows: 64, queueRows: queueRows)
    }
}
