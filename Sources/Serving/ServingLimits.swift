import Messaging
import Wire

/// What an inference node holds at once, and what one request may take of it.
package struct ServingLimits: Sendable, Equatable {
    /// From here on a request has many rows: it waits where it keeps no place from those that have a few.
    package static let manyRows = 16

    /// Rows that run together; a larger request is cut into several batches.
    package var maximumBatchRows: Int
    /// Rows that may wait for one version in requests of a few rows, and as many in those of many; then requests of that kind
    /// for it are refused, and others are not. A single request must fit as a whole.
    package var queueRows: Int
    /// Bytes of inputs that may wait, for all versions together. One version may have as many as it leaves free, so that
    /// there is always room for another (dynamic thresholds: Choudhury and Hahne, 1998).
    package var queueBytes = 256 << 20
    /// Bytes of one output of an answer, and of all of them: what a message carries.
    package var outputBytes = MessagingLimits().frameBytes
    package var answerBytes = MessagingLimits().messageBytes - WireLimits.envelopeBytes
    /// Bytes that a version's network may take for one batch, which has fewer rows where they would be more. A network
    /// that takes more for a single row runs row by row.
    package var batchBytes = 256 << 20
    /// How long a batch should take at most, as measured when the version is warmed up: other versions wait for its end.
    package var batchTime = Duration.milliseconds(100)
    /// The same for a batch of translations. Between two tokens others have their turn, so only requests for the same
    /// version wait for its end.
    package var translationTime = Duration.seconds(1)

    package init(maximumBatchRows: Int, queueRows: Int) {
        precondition(maximumBatchRows >= 1 && queueRows >= 1, "a node that takes no row serves nobody")
        self.maximumBatchRows = maximumBatchRows
        self.queueRows = queueRows
    }
}
