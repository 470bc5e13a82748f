/// The sum of what every rank gives, on every rank.
///
/// The terms of all operations of this folder:
/// - p is the world size, the number of ranks; they are numbered from 0.
/// - n is the number of elements of the vector, b the bytes of an element on the wire: 4, or 2 as `WireFormat.bf16`.
/// - A *range* is the part of the vector that one rank is responsible for: about n/p elements, cut between cache lines
///   (`Ranges.shares`); of a short vector some are empty.
/// - A *segment* is what travels as one frame: at most s elements of one range (`Tuning.segmentBytes`).
/// - A *node* is a node of the slice tree, k the number of nodes that a rank has added up and gives: 1 if p and the
///   number of slices are powers of two, and the fewest that make up its slices otherwise (`SliceTree.cover`).
/// - α is the time that a frame takes whatever its length, β the time of one more byte. What a rank sends at once
///   shares one α, and its bytes follow one another. A *delay* is an α that has to be waited for before the next
///   begins.
///
/// The cost of a plan is what one rank sends. Ranges and segments are even here; `PlanTests` counts the plans' own.
///
/// Whatever the algorithm, there is no second try, and what the output holds after an error is no result. A rank that
/// waits in vain for `Tuning.timeout` throws `.timedOut` with the names of those that it waits for: not always those
/// that are lost, since who is waited for may be waiting too. A rank whose frames cannot leave its memory, as when a
/// connection is gone, throws the `.timedOut` of "sending", with the names of all others. Ranks that are in different
/// operations all throw the same `.mismatch`, a frame of another length is `.wrongLength`, and more than
/// `Tuning.inboxBytes` of frames before their time are `.inboxFull`.
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
