extension AllReduce {
    /// Rabenseifner's algorithm (R. Thakur, R. Rabenseifner and W. Gropp, "Optimization of collective communication
    /// operations in MPICH", 2005), with neighbours first: after k rounds a rank has the sum over the 2ᵏ ranks around
    /// it, lower ranks on the left. With 2ⁿ ranks that each have one node of the slice tree, these are the tree's
    /// brackets. Other numbers of ranks first fold the ranks beyond the power of two onto the lowest ones.
    static func halvingDoubling(_ layout: GroupLayout, count: Int, wire: WireFormat) -> Plan {
        var power = 1
        while 2 * power <= layout.size { power *= 2 }
        let rank = layout.rank
        let whole = Plan.Place(.output, 0..<count)
        let parts = layout.tree.cover(of: layout.shares[rank]).indices.map { Plan.Place(.input($0), 0..<count) }
        var strand: Plan.Strand = [.sum(Sum(inOrder: parts), into: [whole])]
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
            strand.append(.sum(Sum(inOrder: [whole, frame]), into: [whole]))
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
                strand.append(.sum(Sum(inOrder: isLower ? [mine, frame] : [frame, mine]), into: [mine]))
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
