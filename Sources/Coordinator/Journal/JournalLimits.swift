/// How much of the disk a journal takes, and how it is cut into pieces that can be thrown away.
struct JournalLimits: Sendable, Equatable {
    /// Bytes of all segments.
    var total: Int
    /// Bytes of a segment's events, after which the next one begins.
    var segment: Int { total / 8 }
    /// Bytes of one record. A larger event is a gap.
    var record: Int { total / 8 }
    /// Bytes of a state with which a segment may begin.
    var state: Int { total / 2 }
    /// Events between two digests, at least.
    var digestInterval = 64
    /// Records that may wait for the disk. What comes then is a gap.
    var waiting = 1024
    /// After this long the disk is tried again.
    var pause: Duration = .seconds(10)

    static let smallest = 1 << 20

    init(total: Int) {
        self.total = max(Self.smallest, total)
    }
}
