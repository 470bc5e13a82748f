extension AllReduce {
    /// Rabenseifner's algorithm: recursive halving of the vector, then recursive doubling (R. Thakur, R. Rabenseifner
    /// and W. Gropp, "Optimization of collective communication operations in MPICH", 2005).
    ///
    /// Terms: p, n, b, α, β as in `AllReduce`. q is the largest power of two that is at most p.
    ///
    /// Steps:
    /// 1. Add one's own nodes from left to right.
    /// 2. Fold: rank r ≥ q gives everything to rank r-q, which adds it, and waits for the result.
    /// 3. Halving, log₂ q rounds, neighbours first: in round i the ranks that differ in bit i each give the other half
    ///    of what they are still responsible for, and add what they get. Sums of lower ranks are on the left.
    /// 4. Doubling, the same rounds backwards: both give the complete half that they have.
    /// 5. Unfold: rank r-q gives the result to rank r.
    /// ```
    ///            rank 0          rank 1          rank 2          rank 3           quarters of the vector
    /// round 0    0-1 of {0,1}    2-3 of {0,1}    0-1 of {2,3}    2-3 of {2,3}     with the neighbour
    /// round 1    0 of all        2 of all        1 of all        3 of all         with the rank two further on
    /// round 1    0-1             2-3             0-1             2-3              and back
    /// round 0    0-3             0-3             0-3             0-3
    /// ```
    /// Cost: 2 log₂ q messages and 2 (q-1)/q n elements a rank, and 2 log₂ q α + 2 (q-1)/q b n β. If p is no power of
    /// two, add 2 delays and 2 b n β; folded ranks and their partners send one message of n elements for it. Messages
    /// are not cut into segments, so nothing is added while it still arrives: this is for short vectors.
    ///
    /// With 2ⁱ ranks that each have one node of the slice tree the brackets are the tree's (`halvingFollowsTree`), with
    /// others they are not, but the same in every run. As bf16 what is sent is rounded in each round.
    ///
    /// What fails: a rank waits for one other at a time, which may itself be waiting. When one is lost, its partner of
    /// the round names it in a `.timedOut`, and the others name those partners of theirs who could not go on.
    static func halvingDoubling(_ layout: GroupLayout, count: Int, wire: WireFormat) -> Plan {
        var power = 1
        while 2 * power <= layout.size { power *= 2 }
        let rank = layout.rank
        let whole = Plan.Place(.output, 0..<count)
        let parts = layout.tree.cover(of: layout.shares[rank]).indices.map { Plan.Place(.input($0), 0..<count) }
        var strand: Plan.Strand = [.sum(BracketedSum(inOrder: parts), into: [whole])]
        if wire != .f32 { strand.append(.round(whole, into: whole)) }
        var frames = 0

        guard rank < power else {
            strand.append(.send(.init(rank - power, phase: foldPhase), from: whole))
            strand.append(.receive(.init(rank - power, phase: unfoldPhase), into: whole))
            return Plan(stages: [[strand]])
        }
        if rank + power < layout.size {
            let frame = Plan.Place(.frame(frames), 0..<count)
            frames += 1
            strand.append(.receive(.init(rank + power, phase: foldPhase), into: frame))
            strand.append(.sum(BracketedSum(inOrder: [whole, frame]), into: [whole]))
        }
        var range = 0..<count
        var rounds: [(peer: Int, kept: Range<Int>, given: Range<Int>)] = []
        var distance = 1
        while distance < power {
            let halves = Ranges.shares(of: range, ranks: 2)
            let isLower = rank & distance == 0
            let (kept, given) = isLower ? (halves[0], halves[1]) : (halves[1], halves[0])
            let peer = rank ^ distance
            rounds.append((peer, kept, given))
            let phase = halvingPhase + rounds.count
            if !given.isEmpty { strand.append(.send(.init(peer, phase: phase), from: .init(.output, given))) }
            if !kept.isEmpty {
                let frame = Plan.Place(.frame(frames), 0..<kept.count)
                frames += 1
                let mine = Plan.Place(.output, kept)
                strand.append(.receive(.init(peer, phase: phase), into: frame))
                strand.append(.sum(BracketedSum(inOrder: isLower ? [mine, frame] : [frame, mine]), into: [mine]))
            }
            range = kept
            distance *= 2
        }
        if wire != .f32, !range.isEmpty {
            strand.append(.round(.init(.output, range), into: .init(.output, range)))
        }
        for (index, round) in rounds.enumerated().reversed() {
            let phase = doublingPhase + index
            if !round.kept.isEmpty {
                strand.append(.send(.init(round.peer, phase: phase), from: .init(.output, round.kept)))
            }
            if !round.given.isEmpty {
                strand.append(.receive(.init(round.peer, phase: phase), into: .init(.output, round.given)))
            }
        }
        if rank + power < layout.size {
            strand.append(.send(.init(rank + power, phase: unfoldPhase), from: whole))
        }
        return Plan(stages: [[strand]], frameCount: frames)
    }

    private static let foldPhase = 2
    private static let unfoldPhase = 3
    private static let halvingPhase = 100
    private static let doublingPhase = 200

    /// Whether the brackets are those of the slice tree.
    static func halvingFollowsTree(_ layout: GroupLayout) -> Bool {
        let size = layout.size
        guard size & (size - 1) == 0 else { return false }
        var distance = 1
        while distance <= size {
            for first in stride(from: 0, to: size, by: distance) {
                let slices = layout.shares[first].lowerBound..<layout.shares[first + distance - 1].upperBound
                guard layout.tree.cover(of: slices).count == 1 else { return false }
            }
            distance *= 2
        }
        return true
    }
}
