extension AllReduce {
    /// Range q starts at rank q+1, is added to at every rank on its way, and is complete at rank q; then it goes round
    /// once more. The brackets therefore differ from range to range and are not those of the slice tree, but are the
    /// same in every run.
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
                strand.append(.sum(Sum(inOrder: own(first)), into: [.init(.output, first)]))
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
                strand.append(.sum(Sum(inOrder: [frame] + own(current)), into: [result]))
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
