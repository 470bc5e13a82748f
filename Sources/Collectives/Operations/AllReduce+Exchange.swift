extension AllReduce {
    /// Everyone sends everything to everyone, and everyone adds up everything.
    ///
    /// Terms: p, n, b, s, k, α, β as in `AllReduce`. The participants are all ranks, or one rank of each host.
    ///
    /// Steps, of which the second begins for a segment as soon as that segment has come from everyone:
    /// 1. Send every segment of every node to every other participant, in the order of the vector.
    /// 2. Receive the same of all others, and add up along the slice tree, own nodes and frames alike.
    /// ```
    /// rank 0   sends a to 1, 2, 3   receives b, c, d   (a+b)+(c+d)
    /// rank 1   sends b to 2, 3, 0   receives c, d, a   (a+b)+(c+d)
    /// rank 2   sends c to 3, 0, 1   receives d, a, b   (a+b)+(c+d)
    /// rank 3   sends d to 0, 1, 2   receives a, b, c   (a+b)+(c+d)
    /// ```
    /// Cost: (p-1) k ⌈n/s⌉ messages and (p-1) k n elements a rank, and α + (p-1) k b n β. No other all-reduce by
    /// messages has a single delay. Two ranks of one node each send n elements, which is as little as any algorithm
    /// can; p ranks send p/2 times the least, and each does all additions.
    ///
    /// What fails: nobody has to wait before sending, so a `.timedOut` names just those that are lost. The output of
    /// a segment may be written while others are on their way: in place, inputs are therefore copied into the frames
    /// (`overwritesInputs`), and a failure leaves a part of them overwritten.
    static func exchange(
        _ group: Participants, tree: SliceTree, count: Int, segment: Int, wire: WireFormat
    ) -> Plan {
        let own = OwnParts(group, count: count, wire: wire)
        let segments = Ranges.segments(of: 0..<count, size: segment)
        var sends: Plan.Strand = []
        var sums: [Plan.Strand] = []
        var frames = 0
        for elements in segments {
            sends += own.rounding(elements)
            for peer in group.others { sends += own.sends(elements, to: group.ranks[peer]) }
        }
        for elements in segments {
            sums.append(sum(elements, of: group, own: own, tree: tree, frames: &frames))
        }
        var plan = Plan(stages: [[sends] + sums], scratchCount: own.scratchCount, frameCount: frames)
        plan.overwritesInputs = true
        return plan
    }

    /// Receives every other participant's partial sums of these elements and adds all up along the tree.
    static func sum(
        _ elements: Range<Int>, of group: Participants, own: OwnParts, tree: SliceTree, frames: inout Int
    ) -> Plan.Strand {
        var steps: Plan.Strand = []
        var places: [Range<Int>: Plan.Place] = [:]
        for (index, node) in group.nodes[group.own].enumerated() { places[node] = own.place(index, elements) }
        for peer in group.others {
            for node in group.nodes[peer] {
                let place = Plan.Place(.frame(frames), 0..<elements.count)
                frames += 1
                places[node] = place
                steps.append(
                    .receive(
                        .init(
                            group.ranks[peer], phase: partialPhase, segment: elements.lowerBound,
                            part: node.lowerBound), into: place))
            }
        }
        steps.append(.sum(BracketedSum(tree.root) { places[$0] }, into: [.init(group.output, elements)]))
        return steps
    }

    /// This rank's own partial sums, with the precision that the others get to see.
    struct OwnParts {
        private let group: Participants
        private let count: Int
        private let wire: WireFormat

        init(_ group: Participants, count: Int, wire: WireFormat) {
            self.group = group
            self.count = count
            self.wire = wire
        }

        private var nodes: [Range<Int>] { group.nodes[group.own] }

        var scratchCount: Int { wire == .f32 ? 0 : nodes.count * count }

        func place(_ node: Int, _ elements: Range<Int>) -> Plan.Place {
            guard wire != .f32 else { return group.place(node, elements) }
            return Plan.Place(
                .scratch, node * count + elements.lowerBound..<node * count + elements.upperBound)
        }

        func rounding(_ elements: Range<Int>) -> Plan.Strand {
            guard wire != .f32 else { return [] }
            return nodes.indices.map { .round(group.place($0, elements), into: place($0, elements)) }
        }

        func sends(_ elements: Range<Int>, to rank: Int) -> Plan.Strand {
            nodes.enumerated().map { index, node in
                .send(
                    .init(rank, phase: partialPhase, segment: elements.lowerBound, part: node.lowerBound),
                    from: place(index, elements))
            }
        }
    }
}
