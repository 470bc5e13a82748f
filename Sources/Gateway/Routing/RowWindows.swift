import Synchronization
import Wire

/// The windows of all versions.
final class RowWindows: Sendable {
    struct Version: Hashable {
        var model: String
        var number: Int
    }

    private enum Turn {
        case come(load: Int)
        case tooLate(Duration)
        /// The time was over, or nobody waits.
        case never
    }

    private typealias Window = RowWindow<CheckedContinuation<Turn, Never>>

    private struct State {
        var windows: [Version: Window] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Requests that wait for room.
    var waitingCount: Int { state.withLock { $0.windows.values.reduce(0) { $0 + $1.waiting } } }

    /// Does `body`, for a request of so many rows, once the nodes of its version have room for them. Nil where they had none
    /// until the deadline, or nobody waits for it any more. Throws `Failure` where the request could not be answered until
    /// then, by what others take.
    func with<Result>(
        _ rows: Int, of version: Version, nodes: Int, until deadline: ContinuousClock.Instant,
        _ body: () async throws -> Result
    ) async throws -> Result? {
        guard rows >= InferRequest.manyRows else { return try await body() }
        let room = Window.Room(rows: RowCost.busy * max(1, nodes), nodes: nodes)
        let load: Int
        switch await enter(rows, version, room, until: deadline) {
        case .come(let rows): load = rows
        case .never: return nil
        case .tooLate(let time):
            throw Failure(
                .queueFull,
                """
                the \(rows) rows of the request would take \(Self.shown(time)) beside those of others, and of the time it is \
                allowed \(Self.shown(max(.zero, deadline - .now))) are left: allow it more, send fewer rows at once, or try \
                again later
                """)
        }
        let began = ContinuousClock.now
        var cost: (inout RowCost) -> Void = { _ in }
        defer {
            change(version) { window in
                cost(&window.cost)
                return window.leave(rows, room: room, at: .now)
            }
        }
        do {
            let result = try await body()
            let time = ContinuousClock.now - began
            cost = { $0.answered(in: time, rows: load) }
            return result
        } catch let failure as Failure where failure.code == .deadlineExceeded {
            let time = ContinuousClock.now - began
            cost = { $0.unanswered(after: time, rows: load) }
            throw failure
        }
    }

    private static func shown(_ time: Duration) -> Duration {
        .milliseconds(Int64((time / .milliseconds(1)).rounded()))
    }

    private func enter(
        _ rows: Int, _ version: Version, _ room: Window.Room, until deadline: ContinuousClock.Instant
    ) async -> Turn {
        let (entrance, id) = state.withLock { state in
            state.last += 1
            let entrance = state.windows[version, default: .init()].enter(rows, room: room, until: deadline, at: .now)
            return (entrance, state.last)
        }
        switch entrance {
        case .now(let load): return .come(load: load)
        case .tooLate(let time): return .tooLate(time)
        case .later: break
        }
        let time = Task {
            // Cancelled once it is known.
            guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
            giveUp(id, version, room)
        }
        defer { time.cancel() }
        return await waitForTurn { continuation in
            change(version) { window in
                window.wait(continuation, as: id, rows: rows, until: deadline)
                return window.admit(room: room, at: .now)
            }
            // It may have passed before there was something to give up.
            if .now >= deadline { giveUp(id, version, room) }
        } giveUp: {
            giveUp(id, version, room)
        }
    }

    private func giveUp(_ id: UInt64, _ version: Version, _ room: Window.Room) {
        let waiter = state.withLock { $0.windows[version]?.giveUp(id) }
        waiter?.resume(returning: .never)
        change(version) { $0.admit(room: room, at: .now) }
    }

    private func change(_ version: Version, _ body: (inout Window) -> Window.Turns) {
        let turns = state.withLock { state in
            var window = state.windows[version] ?? .init()
            let turns = body(&window)
            // One that holds nothing is forgotten.
            state.windows[version] = window.isEmpty ? nil : window
            return turns
        }
        for (waiter, load) in turns.admitted { waiter.resume(returning: .come(load: load)) }
        for (waiter, time) in turns.tooLate { waiter.resume(returning: .tooLate(time)) }
    }
}
