/// The thresholds and bounds of the collectives, in one place. None of them changes a result of an operation that
/// follows the slice tree.
package struct Tuning: Sendable, Equatable {
    /// Gradients are reduced in ranges of about this many bytes, so that the first ones travel while the backward pass
    /// still runs.
    package var bucketBytes = 6 << 20
    /// The first bucket is smaller: the sooner it is full, the sooner communication begins.
    package var firstBucketBytes = 1 << 20
    /// Up to this many bytes every rank adds up everything; above it, each a range. For two ranks always everything.
    package var exchangeBytes = 64 << 10
    /// Above `exchangeBytes` and up to this many, halving and doubling, where its brackets are the tree's.
    package var halvingDoublingBytes = 64 << 10
    /// From so many ranks on, sums that need not follow the tree go round a ring.
    package var ringRanks = 16
    /// Bytes of one frame: while one is encrypted the next is added up, and all stay in the cache.
    package var segmentBytes = 512 << 10
    /// Bytes of one frame of what is gathered from all ranks as it is.
    package var gatherBytes = 16 << 20
    /// Connections between two ranks that frames take turns on, each encrypted by a thread of its own.
    package var streams = 1
    /// Whether ranks of one host share memory.
    package var sharesMemory = true
    /// How long a rank that waits for one on its host looks at nothing else, while no other is on its core.
    package var spin: Duration = .microseconds(4)
    /// How long it then goes on looking, offering its core to others between looks, before it sleeps: longer than it
    /// takes to wake a rank.
    package var yield: Duration = .microseconds(50)
    /// How long one rank waits for another before it gives up with an error that names it.
    package var timeout: Duration = .seconds(30)
    /// How long a rank that sees in shared memory that another has left the group waits for the message that says why:
    /// the other sends it before it leaves. Without it the error only says who has left.
    package var reasonTimeout: Duration = .seconds(1)
    /// Bytes that other ranks may be ahead of this one before the group fails rather than grow.
    package var inboxBytes = 1 << 30

    package init() {}

    var segmentElements: Int { max(1, segmentBytes / 4) }

    /// The algorithm for messages.
    /// - Parameter followsTree: whether the sum must have the brackets of the slice tree.
    package func algorithm(for layout: GroupLayout, bytes: Int, followsTree: Bool = true) -> AllReduce.Algorithm {
        if layout.size <= 2 || bytes <= exchangeBytes { return .exchange }
        if bytes <= halvingDoublingBytes, !followsTree || AllReduce.halvingFollowsTree(layout) {
            return .halvingDoubling
        }
        return !followsTree && layout.size >= ringRanks ? .ring : .direct
    }
}
