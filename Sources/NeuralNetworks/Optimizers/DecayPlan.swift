import Tensors

/// Which ranges of the flat parameters are subject to weight decay.
struct DecayPlan: Sendable, Equatable {
    /// Neighbours that are treated alike are one; together they are the whole buffer.
    private(set) var parts: [(range: Range<Int>, decays: Bool)] = []

    init(_ layout: ParameterLayout, decays: (String) -> Bool) {
        for (index, entry) in layout.entries.enumerated() {
            let isLast = index == layout.entries.count - 1
            // With the padding behind it, which is zero and stays so.
            let end = isLast ? layout.count : layout.entries[index + 1].offset
            let decaying = decays(entry.name)
            if let last = parts.last, last.decays == decaying {
                parts[parts.count - 1].range = last.range.lowerBound..<end
            } else {
                parts.append((entry.offset..<end, decaying))
            }
        }
    }

    /// The parts within a range, in order.
    func forEachPart(of range: Range<Int>, _ body: (Range<Int>, Bool) -> Void) {
        for part in parts where part.range.overlaps(range) {
            body(part.range.clamped(to: range), part.decays)
        }
    }

    static func == (left: DecayPlan, right: DecayPlan) -> Bool {
        left.parts.elementsEqual(right.parts) { $0 == $1 }
    }
}
