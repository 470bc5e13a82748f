/// The thresholds and bounds of the collectives, in one place.
package struct Tuning: Sendable, Equatable {
    /// Gradients are reduced in ranges of about this many bytes, so that the first ones travel while the backward pass
    /// still runs.
    package var bucketBytes = 6 << 20
    /// The first bucket is smaller: the sooner it is full, the sooner communication begins.
    package var firstBucketBytes = 1 << 20
    /// Up to this many bytes every rank adds up everything; above it, each a segment.
    package var exchangeBytes = 64 << 10
    /// How long one rank waits for another before it gives up with an error that names it.
    package var timeout: Duration = .seconds(30)
    /// Bytes that other ranks may be ahead of this one before the group fails rather than grow.
    package var inboxBytes = 1 << 30

    package init() {}

    package func algorithm(ranks: Int, bytes: Int) -> AllReducePlan.Algorithm {
        ranks <= 2 || bytes <= exchangeBytes ? .exchange : .direct
    }
}
