/// What an inference node holds at once.
package struct ServingLimits: Sendable, Equatable {
    /// Rows that run together; a larger request is cut into several batches.
    package var maximumBatchRows: Int
    /// Rows that may wait, over all models; then requests are refused. A single request must fit as a whole.
    package var queueRows: Int

    package init(maximumBatchRows: Int = 64, queueRows: Int = 1024) {
        precondition(maximumBatchRows >= 1 && queueRows >= 1, "a node that takes no row serves nobody")
        self.maximumBatchRows = maximumBatchRows
        self.queueRows = queueRows
    }
}
