import NIOCore

/// When what takes long is done on an event loop: one piece after the other up to a share of time, then not until the
/// loop has seen to its connections and to everything short. So a small request waits for a share at most, however many
/// large ones came before it. A value without clock and tasks.
struct TurnOrder<Waiter> {
    /// What goes first stands first: who is begun is finished before another is, and no more is begun than can be finished.
    enum Work: Int, CaseIterable {
        /// Of an answer.
        case writing
        /// Of a request that is there.
        case reading
        /// Of what has come on a connection.
        case receiving
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
    /// By work.
    private var waiters = Work.allCases.map { _ in CircularBuffer<Waiter>() }

    init(share: Duration = .microseconds(150)) {
        self.share = share
    }

    /// How many wait.
    var waiting: Int { waiters.reduce(0) { $0 + $1.count } }

    /// Takes a turn without waiting, where that can be.
    mutating func begin(at now: ContinuousClock.Instant) -> Bool {
        guard case .free = state else { return false }
        state = .taken(since: now)
        return true
    }

    mutating func wait(_ waiter: Waiter, for work: Work, at now: ContinuousClock.Instant) -> Step {
        waiters[work.rawValue].append(waiter)
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
        guard case .pausing = state else { return .nothing }
        state = .free
        return next(at: now)
    }

    private mutating func next(at now: ContinuousClock.Instant) -> Step {
        guard case .free = state, let first = waiters.firstIndex(where: { !$0.isEmpty }) else { return .nothing }
        let waiter = waiters[first].removeFirst()
        state = .taken(since: now)
        return .go(waiter)
    }
}
