import Synchronization

/// Where large requests wait while small ones come, so that those find processors free, however many large ones there are.
final class BulkLane: Sendable {
    typealias Order = BulkOrder<CheckedContinuation<Bool, Never>>

    private struct State {
        var order: Order
        var isWatched = false
    }

    /// Between two looks at the time while any wait.
    private static let interval = Duration.milliseconds(5)

    private let state: Mutex<State>

    init(_ limits: BulkLimits) {
        state = Mutex(State(order: Order(limits)))
    }

    /// Requests that wait.
    var waitingCount: Int { state.withLock { $0.order.waiting } }

    /// A small request has come.
    func small(at now: ContinuousClock.Instant) {
        state.withLock { $0.order.small(at: now) }
    }

    /// Does `body`, for a large request, when it is this one's turn. Nil where that was not until the deadline, or nobody
    /// waits for it any more.
    func with<Result>(
        until deadline: ContinuousClock.Instant, _ body: () async throws -> Result
    ) async throws -> Result? {
        let (id, begins) = state.withLock { $0.order.enter(at: .now) }
        if !begins { guard await wait(id, until: deadline) else { return nil } }
        defer { admit { $0.leave(id) } }
        return try await body()
    }

    private func wait(_ id: UInt64, until deadline: ContinuousClock.Instant) async -> Bool {
        await waitForTurn { continuation in
            admit { $0.wait(continuation, as: id, until: deadline) }
            watch()
        } giveUp: {
            giveUp(id)
        }
    }

    private func giveUp(_ id: UInt64) {
        state.withLock { $0.order.giveUp(id) }?.resume(returning: false)
    }

    /// Looks at the time as long as anyone waits.
    private func watch() {
        let begins = state.withLock { state in
            defer { state.isWatched = true }
            return !state.isWatched
        }
        guard begins else { return }
        Task {
            repeat {
                // Nobody cancels it.
                try? await Task.sleep(for: Self.interval)
            } while look()
        }
    }

    /// Returns whether any still wait.
    private func look() -> Bool {
        let (late, admitted, goesOn) = state.withLock { state in
            let now = ContinuousClock.now
            let late = state.order.expire(at: now)
            let admitted = state.order.admit(at: now)
            state.isWatched = state.order.waiting > 0
            return (late, admitted, state.isWatched)
        }
        for waiter in late { waiter.resume(returning: false) }
        for waiter in admitted { waiter.resume(returning: true) }
        return goesOn
    }

    private func admit(after change: (inout Order) -> Void) {
        let admitted = state.withLock { state in
            change(&state.order)
            return state.order.admit(at: .now)
        }
        for waiter in admitted { waiter.resume(returning: true) }
    }
}
