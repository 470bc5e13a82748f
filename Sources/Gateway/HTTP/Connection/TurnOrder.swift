import NIOCore

/// When what takes long is done on an event loop: one piece after the other up to a share of time, then not until the
/// loop has seen to its connections and to everything short. So a small request waits for a share at most, however many
/// large ones came before it. A value without clock and tasks.
struct TurnOrder<Waiter> {
    enum Work {
        case reading
        /// Goes before reading: who is begun is finished first, and no more is begun than can be finished.
        case writing
    }

    enum Step {
        case nothing
        /// It is this one's turn.
        case go(Waiter)
        /// `loopHasLooked` shall be called once the loop has.
        case pause
    }

    private enum State {
        case free
        case taken(since: ContinuousClock.Instant)
        case pausing
    }

    private let share: Duration
    private var state = State.free
    /// Of the present share.
    private var spent = Duration.zero
    private var readers = CircularBuffer<Waiter>()
    private var writers = CircularBuffer<Waiter>()

    init(share: Duration = .microseconds(150)) {
        self.share = share
    }

    /// How many wait.
    var waiting: Int { readers.count + writers.count }

    /// Takes a turn without waiting, where that can be.
    mutating func begin(at now: ContinuousClock.Instant) -> Bool {
        guard case .free = state else { return false }
        state = .taken(since: now)
        return true
    }

    mutating func wait(_ waiter: Waiter, for work: Work, at now: ContinuousClock.Instant) -> Step {
        switch work {
        case .reading: readers.append(waiter)
        case .writing: writers.append(waiter)
        }
        return next(at: now)
    }

    /// A turn is over.
    mutating func end(at now: ContinuousClock.Instant) -> Step {
        if case .taken(let since) = state { spent += now - since }
        guard spent < share else {
            spent = .zero
            state = .pausing
            return .pause
        }
        state = .free
        return next(at: now)
    }

    mutating func loopHasLooked(at now: ContinuousClock.Instant) -> Step {
        state = .free
        return next(at: now)
    }

    private mutating func next(at now: ContinuousClock.Instant) -> Step {
        guard case .free = state, let waiter = writers.popFirst() ?? readers.popFirst() else { return .nothing }
        state = .taken(since: now)
        return .go(waiter)
    }
}
