/// What one rank sends, receives and adds for one all-reduce, as data: tests read and count it, `AllReduce` runs it.
package struct AllReducePlan: Sendable, Equatable {
    package enum Algorithm: Sendable, Equatable {
        /// Everyone sends its partial sums to everyone and adds up the whole: one message delay. Moves (p-1)n bytes per
        /// rank, which for two ranks is as little as can be.
        case exchange
        /// Rank q adds up the q-th of p segments and hands the result round: two delays, 2(p-1)/p n bytes per rank.
        case direct
    }

    /// One payload frame. `elements` counts floats from the start of the reduced range.
    package struct Transfer: Sendable, Hashable {
        package var peer: Int
        package var segment: Int
        /// The node of the slice tree whose sum this is; the whole tree in the second phase.
        package var slices: Range<Int>
        package var elements: Range<Int>
    }

    package var algorithm: Algorithm
    /// Partial sums towards those who add them up.
    package var partialSends: [Transfer]
    package var partialReceives: [Transfer]
    /// What this rank adds up.
    package var reduced: Range<Int>
    /// Finished segments.
    package var resultSends: [Transfer]
    package var resultReceives: [Transfer]

    /// - Parameters:
    ///   - shares: the slices of every rank, in rank order.
    ///   - count: floats to reduce.
    ///   - alignment: segments begin at multiples of this many floats.
    package init(
        rank: Int, shares: [Range<Int>], tree: SliceTree, count: Int, algorithm: Algorithm, alignment: Int = 16
    ) {
        let size = shares.count
        let peers = (0..<size).filter { $0 != rank }
        let parts = shares.map { tree.cover(of: $0) }
        self.algorithm = algorithm
        switch algorithm {
        case .exchange:
            let whole = 0..<count
            partialSends = peers.flatMap { peer in
                parts[rank].map { Transfer(peer: peer, segment: 0, slices: $0, elements: whole) }
            }
            partialReceives = peers.flatMap { peer in
                parts[peer].map { Transfer(peer: peer, segment: 0, slices: $0, elements: whole) }
            }
            reduced = whole
            resultSends = []
            resultReceives = []
        case .direct:
            let segments = Self.segments(count: count, ranks: size, alignment: alignment)
            let mine = segments[rank]
            partialSends = peers.filter { !segments[$0].isEmpty }.flatMap { peer in
                parts[rank].map { Transfer(peer: peer, segment: peer, slices: $0, elements: segments[peer]) }
            }
            partialReceives =
                mine.isEmpty
                ? []
                : peers.flatMap { peer in
                    parts[peer].map { Transfer(peer: peer, segment: rank, slices: $0, elements: mine) }
                }
            reduced = mine
            resultSends =
                mine.isEmpty
                ? [] : peers.map { Transfer(peer: $0, segment: rank, slices: tree.root, elements: mine) }
            resultReceives = peers.filter { !segments[$0].isEmpty }.map {
                Transfer(peer: $0, segment: $0, slices: tree.root, elements: segments[$0])
            }
        }
    }

    /// Cuts `count` floats into one range per rank, even but for the alignment; the last ones may be empty.
    static func segments(count: Int, ranks: Int, alignment: Int) -> [Range<Int>] {
        let blocks = (count + alignment - 1) / alignment
        return (0..<ranks).map { rank in
            let lower = min(count, rank * blocks / ranks * alignment)
            let upper = min(count, (rank + 1) * blocks / ranks * alignment)
            return lower..<upper
        }
    }
}
