/// What a row of many costs a node of late.
///
/// As low as was seen, and only slowly more: who is refused for what it would cost must be hopeless, not unlucky.
struct RowCost: Equatable {
    /// The share of what is more than before that counts.
    private static let rise = 16

    /// With so many rows a node is busy, and what more of them take grows with their number: four batches, as large as they
    /// are where nothing else is said. With half of that it runs dry.
    static let busy = 256

    private(set) var perRow: Duration?
    /// Rows of the largest sample. Where they are few, nothing is known of many: a part of what they cost is no row's.
    private var most = 0

    /// A request had its answer after `time`, in which its node did so many rows, its own and those before it.
    mutating func answered(in time: Duration, rows: Int) {
        guard rows > 0 else { return }
        let sample = time / rows
        guard let perRow, sample > perRow else {
            (self.perRow, most) = (sample, max(most, rows))
            return
        }
        guard rows >= most / 2 else { return }
        most = max(most, rows)
        self.perRow = perRow + (sample - perRow) / Self.rise
    }

    /// A request had none after `time`: it would have taken longer.
    mutating func unanswered(after time: Duration, rows: Int) {
        guard let least = self.time(of: rows), time <= least else { return answered(in: time, rows: rows) }
    }

    /// How long a node takes for so many rows at least; nil where nothing is known.
    func time(of rows: Int) -> Duration? {
        perRow.map { $0 * (most < Self.busy ? min(rows, most) : rows) }
    }
}
