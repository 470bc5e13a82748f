/// The sum of what every rank gives, on every rank.
package enum AllReduce {
    package enum Algorithm: String, Sendable, CaseIterable {
        /// Everyone sends everything to everyone and adds up the whole: one delay, (p-1) n elements a rank. For two
        /// ranks that is as little as can be; for more it is for small vectors.
        case exchange
        /// Rank q adds up the q-th of p ranges and hands the result round: two delays, 2 (p-1)/p n elements a rank.
        case direct
        /// Ranges go once round the ring to be added up and once more to be handed out: 2 (p-1) delays, the elements
        /// of `direct`, but every rank talks to two others only.
        case ring
        /// Recursive halving, then doubling: 2 log₂ p delays and messages, the elements of `direct`.
        case halvingDoubling = "halving-doubling"
        /// All ranks on one host: rank q adds up the q-th of p ranges where they lie. Nothing is sent.
        case shared
        /// As `shared` inside each host, then as `direct` between one rank of each.
        case hierarchical
    }

    /// Who takes part in an exchange of messages: ranks, or one rank of each host.
    struct Participants {
        var ranks: [Int]
        /// This rank's place among them.
        var own: Int
        /// The nodes of the slice tree whose sums each of them has.
        var nodes: [[Range<Int>]]
        /// Where this rank has the sum of its n-th node.
        var place: (_ node: Int, _ elements: Range<Int>) -> Plan.Place
        var output: Plan.Buffer

        var size: Int { ranks.count }
        /// The others, beginning with the next, so that not all send to the same one first.
        var others: [Int] { (1..<max(size, 1)).map { (own + $0) % size } }
    }

    /// Messages of the first and of the second delay.
    static let partialPhase = 0
    static let resultPhase = 1

    static func participants(of layout: GroupLayout) -> Participants {
        Participants(
            ranks: Array(0..<layout.size), own: layout.rank, nodes: layout.shares.map { layout.tree.cover(of: $0) },
            place: { Plan.Place(.input($0), $1) }, output: .output)
    }

    package static func plan(
        _ algorithm: Algorithm, count: Int, layout: GroupLayout, tuning: Tuning, wire: WireFormat = .f32,
        result: SharedResult = .everywhere(buffer: 0)
    ) -> Plan {
        let segment = tuning.segmentElements
        switch algorithm {
        case .exchange:
            return exchange(participants(of: layout), tree: layout.tree, count: count, segment: segment, wire: wire)
        case .direct:
            return direct(participants(of: layout), tree: layout.tree, count: count, segment: segment, wire: wire)
        case .ring: return ring(layout, count: count, segment: segment, wire: wire)
        case .halvingDoubling: return halvingDoubling(layout, count: count, wire: wire)
        case .shared: return shared(layout, count: count, result: result)
        case .hierarchical: return hierarchical(layout, count: count, segment: segment, wire: wire)
        }
    }
}

/// A group as a plan sees it.
package struct GroupLayout: Sendable, Equatable {
    package var rank: Int
    /// The slices of every rank, in rank order.
    package var shares: [Range<Int>]
    package var tree: SliceTree
    /// The ranks of every host; one host for each rank where nothing is shared.
    package var hosts: [[Int]]

    package init(rank: Int, shares: [Range<Int>], tree: SliceTree, hosts: [[Int]]? = nil) {
        self.rank = rank
        self.shares = shares
        self.tree = tree
        self.hosts = hosts ?? shares.indices.map { [$0] }
    }

    package var size: Int { shares.count }
    /// The ranks on this rank's host.
    package var neighbours: [Int] { hosts.first { $0.contains(rank) } ?? [rank] }
}
