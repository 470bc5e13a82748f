import Dispatch
import Synchronization
import Wire

/// An answer that is being made: how much of it may leave, and whether anyone waits for it. Written by one producer,
/// granted credit and ended by the messaging thread.
final class OpenAnswer: Sendable {
    enum End: Sendable {
        case finished
        /// Nobody reads any more, or the connection is lost.
        case cancelled
        /// No credit came.
        case timedOut
        /// More credit came than was used.
        case broken
    }

    fileprivate enum Waiter: Sendable {
        case task(CheckedContinuation<Void, Never>)
        case thread(DispatchSemaphore)
    }

    private struct State {
        var credit: StreamCredit
        var end: End?
        /// Since when a part waits for credit.
        var stalledSince: UInt64?
        /// Credit came, or the end, since a part was last refused.
        var hasNews = true
        var waiters: [Waiter] = []
    }

    let messageID: UInt64
    let connection: UInt32
    /// Who asked.
    let peer: String
    /// Of a stream; nil where the answer is wanted whole.
    let window: StreamCredit?
    private let creditTimeout: Duration
    private let state: Mutex<State>
    private let cancelled = Atomic(false)

    init(to messageID: UInt64, from peer: String, connection: UInt32, window: StreamCredit?, creditTimeout: Duration) {
        self.messageID = messageID
        self.connection = connection
        self.peer = peer
        self.window = window
        self.creditTimeout = creditTimeout
        state = Mutex(State(credit: window ?? .zero))
    }

    /// Ended by the other side, by its loss or by its slowness.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    var isStream: Bool { window != nil }

    /// Whether a part of so many bytes may leave now. Throws once the answer has ended.
    func allows(_ byteCount: Int, at now: UInt64) throws -> Bool {
        try state.withLock { state in
            if let end = state.end { throw error(of: end) }
            guard isStream, !state.credit.covers(byteCount) else { return true }
            state.stalledSince = state.stalledSince ?? now
            state.hasNews = false
            return false
        }
    }

    /// Takes the credit for a part that was allowed and is about to leave.
    func use(_ byteCount: Int) {
        state.withLock { state in
            state.stalledSince = nil
            state.credit.parts -= 1
            state.credit.bytes -= byteCount
        }
    }

    /// False when that is more than the window: then the other side keeps no count.
    func grant(_ credit: StreamCredit) -> Bool {
        guard let window else { return true }
        let (isValid, waiters) = state.withLock { state -> (Bool, [Waiter]) in
            guard state.end == nil else { return (true, []) }
            state.credit += credit
            guard state.credit.parts <= window.parts, state.credit.bytes <= window.bytes else { return (false, []) }
            return (true, Self.wake(&state))
        }
        for waiter in waiters { waiter.resume() }
        return isValid
    }

    /// True the first time: what belongs to an end is done once.
    func end(_ end: End) -> Bool {
        let waiters = state.withLock { state -> [Waiter]? in
            guard state.end == nil else { return nil }
            state.end = end
            if case .finished = end {} else { cancelled.store(true, ordering: .releasing) }
            return Self.wake(&state)
        }
        guard let waiters else { return false }
        for waiter in waiters { waiter.resume() }
        return true
    }

    /// Whether a part has waited for credit for as long as it may.
    func isStalled(at now: UInt64) -> Bool {
        guard let since = state.withLock({ $0.stalledSince }) else { return false }
        return now >= since.saturatingAdd(creditTimeout.nanoseconds)
    }

    /// Returns once credit or the end has come since a part was refused.
    func waitForNews() async throws {
        try Task.checkCancellation()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !add(.task(continuation)) {
                    continuation.resume()
                } else if Task.isCancelled {
                    // A cancellation that came before the task waited had nobody to wake.
                    wakeAll()
                }
            }
        } onCancel: {
            wakeAll()
        }
        try Task.checkCancellation()
    }

    /// The same on a thread that may block.
    func blockUntilNews() {
        let semaphore = DispatchSemaphore(value: 0)
        if add(.thread(semaphore)) { semaphore.wait() }
    }

    /// False when there is news already.
    private func add(_ waiter: Waiter) -> Bool {
        state.withLock { state in
            if state.hasNews { return false }
            state.waiters.append(waiter)
            return true
        }
    }

    /// Whoever wakes looks again.
    private func wakeAll() {
        for waiter in state.withLock({ Self.wake(&$0) }) { waiter.resume() }
    }

    private static func wake(_ state: inout State) -> [Waiter] {
        state.hasNews = true
        defer { state.waiters = [] }
        return state.waiters
    }

    private func error(of end: End) -> any Error {
        switch end {
        case .finished: MessagingError.invalidMessage(reason: "the answer has ended")
        case .cancelled: CancellationError()
        case .timedOut: MessagingError.timedOut(peer: peer, after: creditTimeout)
        case .broken:
            MessagingError.brokenStream(peer: peer, reason: "it granted more credit than had been used")
        }
    }
}

extension OpenAnswer.Waiter {
    fileprivate func resume() {
        switch self {
        case .task(let continuation): continuation.resume()
        case .thread(let semaphore): semaphore.signal()
        }
    }
}
