import NIOCore

/// A time limit that is set anew far more often than it is reached. To set a later one costs nothing: the look at the
/// clock that is planned already finds that there is time left, and is planned again.
struct LazyTimer {
    enum Outcome: Equatable {
        /// No limit counts.
        case nothing
        case again(NIODeadline)
        case over
    }

    private var deadline: NIODeadline?
    private var planned: NIODeadline?

    /// From now on this limit counts. Returns whether a look at it must be planned, in place of any other.
    mutating func set(_ deadline: NIODeadline) -> Bool {
        self.deadline = deadline
        if let planned, planned <= deadline { return false }
        planned = deadline
        return true
    }

    mutating func clear() {
        deadline = nil
    }

    /// What a look that was planned finds.
    mutating func look(at now: NIODeadline) -> Outcome {
        planned = nil
        guard let deadline else { return .nothing }
        guard now < deadline else {
            self.deadline = nil
            return .over
        }
        planned = deadline
        return .again(deadline)
    }
}
