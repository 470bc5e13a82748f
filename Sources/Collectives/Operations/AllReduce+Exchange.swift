extension AllReduce {
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
        steps.append(.sum(Sum(tree.root) { places[$0] }, into: [.init(group.output, elements)]))
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
