extension AllReduce {
    /// Every range goes once round the ring to be added up, and once more to be handed out.
    ///
    /// Terms: p, n, b, s, α, β as in `AllReduce`. Rank r receives from rank r-1 and sends to rank r+1, modulo p.
    ///
    /// Steps; segments of the same number of all ranges go round together, independently of the other segments:
    /// 1. Range q begins at rank q+1, which sends its own part of it on.
    /// 2. p-1 times: receive a range, add one's own nodes to it from left to right, and send it on. Range q is complete
    ///    at rank q.
    /// 3. p-1 times: receive a complete range and put it in its place; send it on unless the next rank has it.
    /// ```
    ///              rank 0       rank 1       rank 2       rank 3
    /// sends        range 3      range 0      range 1      range 2
    /// adds to      range 2      range 3      range 0      range 1
    /// adds to      range 1      range 2      range 3      range 0
    /// completes    range 0      range 1      range 2      range 3
    /// receives     range 3      range 0      range 1      range 2
    /// receives     range 2      range 3      range 0      range 1
    /// receives     range 1      range 2      range 3      range 0
    /// ```
    /// Cost: 2 (p-1) ⌈n/(p s)⌉ messages and 2 (p-1)/p n elements a rank, and 2 (p-1) α + 2 (p-1)/p b n β: the fewest
    /// elements possible, over two connections a rank (P. Patarasuk and X. Yuan, "Bandwidth optimal all-reduce
    /// algorithms for clusters of workstations", 2009).
    ///
    /// The brackets of range q begin at rank q+1. So they differ from range to range and are not those of the slice
    /// tree, but they are the same in every run. As bf16 a sum is rounded at each of its p-1 steps.
    ///
    /// What fails: a rank hears of its left neighbour only. When one is lost, each rank's `.timedOut` names its own
    /// left neighbour, and only that of the rank behind the lost one names the right one.
    static func ring(_ layout: GroupLayout, count: Int, segment: Int, wire: WireFormat) -> Plan {
        let size = layout.size
        let rank = layout.rank
        var frames = 0
        let parts = layout.tree.cover(of: layout.shares[rank])
        let ranges = Ranges.shares(of: 0..<count, ranks: size).map { Ranges.segments(of: $0, size: segment) }
        func own(_ elements: Range<Int>) -> [Plan.Place] { parts.indices.map { .init(.input($0), elements) } }
        func message(_ peer: Int, _ elements: Range<Int>, phase: Int) -> Plan.Message {
            .init((peer + size) % size, phase: phase, segment: elements.lowerBound)
        }
        let segments = ranges.map(\.count).max() ?? 0
        var strands: [Plan.Strand] = []
        for index in 0..<segments {
            func elements(_ range: Int) -> Range<Int>? {
                let range = ranges[(range % size + size) % size]
                return index < range.count ? range[index] : nil
            }
            var strand: Plan.Strand = []
            if let first = elements(rank - 1) {
                strand.append(.sum(BracketedSum(inOrder: own(first)), into: [.init(.output, first)]))
                if size > 1 {
                    strand.append(
                        .send(message(rank + 1, first, phase: partialPhase), from: .init(.output, first)))
                }
            }
            for step in 1..<max(size, 1) {
                guard let current = elements(rank - 1 - step) else { continue }
                let frame = Plan.Place(.frame(frames), 0..<current.count)
                frames += 1
                let result = Plan.Place(.output, current)
                strand.append(.receive(message(rank - 1, current, phase: partialPhase), into: frame))
                strand.append(.sum(BracketedSum(inOrder: [frame] + own(current)), into: [result]))
                let isComplete = step == size - 1
                if isComplete, wire != .f32 { strand.append(.round(result, into: result)) }
                strand.append(
                    .send(message(rank + 1, current, phase: isComplete ? resultPhase : partialPhase), from: result))
            }
            for step in 1..<max(size, 1) {
                guard let current = elements(rank - step) else { continue }
                let result = Plan.Place(.output, current)
                strand.append(.receive(message(rank - 1, current, phase: resultPhase), into: result))
                if step < size - 1 {
                    strand.append(.send(message(rank + 1, current, phase: resultPhase), from: result))
                }
            }
            strands.append(strand)
        }
        return Plan(stages: [strands], frameCount: frames)
    }
}
