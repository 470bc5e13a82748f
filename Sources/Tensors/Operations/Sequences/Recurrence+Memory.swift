extension Recurrence {
    /// Where one direction keeps what happens, all rows of a step side by side.
    ///
    /// The states are kept at positions + 1 places, of which one is the state before the first step: the place before
    /// the first position for the way forward, that behind the last for the way back. So the state before position t is
    /// at place t or t + 1, and the states before all positions lie together either way.
    struct Memory {
        let rows: Int
        let isReverse: Bool
        /// positions x rows x features; both directions use the same.
        let inputs: UnsafeMutablePointer<Float>
        /// positions x rows x gates width.
        let gates: UnsafeMutablePointer<Float>
        /// (positions + 1) x rows x width.
        let hidden: UnsafeMutablePointer<Float>
        /// LSTM: cells, like the hidden states. GRU: positions x rows x width, the state's part of the candidates.
        let memory: UnsafeMutablePointer<Float>
        private let positions: Int
        private let width: Int

        init(_ recurrence: Recurrence, at start: UnsafeMutablePointer<Float>, rows: Int, direction: Int) {
            self.rows = rows
            isReverse = direction == 1
            positions = recurrence.positions
            width = recurrence.width
            inputs = start
            gates =
                start + rows
                * (recurrence.positions * recurrence.features + direction * recurrence.directionCount)
            hidden = gates + rows * recurrence.positions * recurrence.gates
            memory = hidden + rows * (recurrence.positions + 1) * recurrence.width
        }

        /// Positions in the order in which the direction takes them.
        func position(ofStep step: Int) -> Int { isReverse ? positions - 1 - step : step }

        /// Where the state after a position lies.
        func place(after position: Int) -> Int { (isReverse ? position : position + 1) * rows * width }

        /// Where the state before a position lies.
        func place(before position: Int) -> Int { (isReverse ? position + 1 : position) * rows * width }

        /// Where the state before the first step lies.
        var initialPlace: Int { place(before: position(ofStep: 0)) }

        /// Where the state after the last step lies.
        var finalPlace: Int { place(after: position(ofStep: positions - 1)) }

        /// The hidden states before each of the positions: positions x rows x width.
        var previousHidden: UnsafeMutablePointer<Float> { hidden + place(before: 0) }
    }

    /// Copies between the order of a batch (rows x positions x columns, rows `stride` floats apart) and that of the steps
    /// (positions x rows x columns).
    func copy(
        toSteps steps: UnsafeMutablePointer<Float>, from batch: UnsafePointer<Float>, rows: Int, columns: Int
    ) {
        for row in 0..<rows {
            for position in 0..<positions {
                (steps + (position * rows + row) * columns)
                    .update(from: batch + (row * positions + position) * columns, count: columns)
            }
        }
    }

    func copy(
        fromSteps steps: UnsafePointer<Float>, to batch: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        for row in 0..<rows {
            for position in 0..<positions {
                (batch + (row * positions + position) * columns)
                    .update(from: steps + (position * rows + row) * columns, count: columns)
            }
        }
    }
}
