/// What a row of many costs of late, where all that are with the nodes at once share the time.
///
/// As low as was seen, and only slowly more: who is refused for what it would cost must be hopeless, not unlucky.
struct RowCost: Equatable {
    /// The share of what is more than before that counts.
    private static let rise = 16

    private(set) var perRow: Duration?
    /// Rows of the largest sample. Beyond them nothing is known: a part of the cost of a few is none of their rows'.
    private var most = 0

    /// A request had its answer after `time`, with so many rows of it and others with the nodes when it was sent.
    mutating func answered(in time: Duration, among rows: Int) {
        guard rows > 0, rows >= most / 2 else { return }
        most = max(most, rows)
        let sample = time / rows
        guard let perRow, sample > perRow else {
            self.perRow = sample
            return
        }
        self.perRow = perRow + (sample - perRow) / Self.rise
    }

    /// A request had none after `time`: it would have taken longer.
    mutating func unanswered(after time: Duration, among rows: Int) {
        guard let least = self.time(of: rows), time <= least else { return answered(in: time, among: rows) }
    }

    /// How long so many rows take together at least; nil where nothing is known.
    func time(of rows: Int) -> Duration? { perRow.map { $0 * min(rows, most) } }
}
