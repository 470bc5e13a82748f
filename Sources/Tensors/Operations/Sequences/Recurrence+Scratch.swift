extension Recurrence {
    /// Space that is used within one pass.
    struct Scratch {
        /// `weight_hh` in panels.
        let packed: UnsafeMutablePointer<Float>
        /// gates width: the sum of both biases.
        let bias: UnsafeMutablePointer<Float>
        /// rows x gates width: a GRU's product of `weight_hh` and the state.
        let projected: UnsafeMutablePointer<Float>
        /// rows x width: the gradient of the state after a step, as far as later steps depend on it.
        let hiddenGradient: UnsafeMutablePointer<Float>
        let cellGradient: UnsafeMutablePointer<Float>
        let zeroes: UnsafeMutablePointer<Float>
        /// What the forward pass keeps where nothing is kept; backward, the gradients of the inputs and, for a GRU,
        /// those of `projected`, position by position.
        let rest: UnsafeMutablePointer<Float>

        init(_ recurrence: Recurrence, at start: UnsafeMutablePointer<Float>, rows: Int) {
            packed = start
            bias = packed + recurrence.packedCount
            projected = bias + recurrence.gates
            hiddenGradient = projected + rows * recurrence.gates
            cellGradient = hiddenGradient + rows * recurrence.width
            zeroes = cellGradient + rows * recurrence.width
            rest = zeroes + rows * recurrence.width
        }
    }

    public func scratchCount(rows: Int) -> Int {
        let projectedGradients = cell == .gru ? positions * gates : 0
        let restCount = max(keptCount, positions * features + projectedGradients)
        return packedCount + gates + rows * (gates + 3 * width + restCount)
    }

    /// Floats of `weight_hh` in panels, whichever way round.
    var packedCount: Int {
        max(Panels.count(columns: gates, depth: width), Panels.count(columns: width, depth: gates))
    }
}
