/// What a node has done since it started.
package struct ServingStatistics: Sendable, Equatable {
    package var answeredRequests: UInt64 = 0
    /// Refused because the queue was full.
    package var refusedRequests: UInt64 = 0
    /// Given up because their time was over, in the queue or before they came to it.
    package var expiredRequests: UInt64 = 0
    /// Taken back by whoever had sent them, before they were answered.
    package var cancelledRequests: UInt64 = 0
    package var batches: UInt64 = 0
    /// Over all batches: rows / batches is the mean batch.
    package var rows: UInt64 = 0

    package init() {}
}
