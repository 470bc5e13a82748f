import Tensors

/// What a step does to the flat parameters.
extension Network {
    static func learnedRanges(of graph: Graph, frozen: NamePatterns) -> [Range<Int>] {
        let entries = graph.layout.entries
        var ranges: [Range<Int>] = []
        for (index, entry) in entries.enumerated() where entry.isLearned && !frozen.match(entry.name) {
            let end = index + 1 < entries.count ? entries[index + 1].offset : graph.layout.count
            if let last = ranges.last, last.upperBound == entry.offset {
                ranges[ranges.count - 1] = last.lowerBound..<end
            } else {
                ranges.append(entry.offset..<end)
            }
        }
        return ranges
    }

    /// The parts of the flat buffers that are running statistics, in order.
    public var statisticsRanges: [Range<Int>] { graph.runningStatistics.map(\.range) }

    /// Calls the optimizer for each part of a range that it works on, and moves the running statistics in the range by
    /// what the gradients carry in their place.
    ///
    /// - Parameters:
    ///   - range: of the flat buffers; ends at some of `layout.boundaries`.
    ///   - gradients: summed over all slices of the batch.
    public func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
        optimize: (Range<Int>) -> Void
    ) {
        for learned in learnedRanges where learned.overlaps(range) { optimize(learned.clamped(to: range)) }
        for statistics in graph.runningStatistics where statistics.range.overlaps(range) {
            precondition(range.contains(statistics.range.lowerBound) && range.upperBound >= statistics.range.upperBound)
            statistics.update(parameters, gradients: gradients)
        }
    }
}
