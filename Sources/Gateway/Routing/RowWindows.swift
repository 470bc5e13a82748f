import Cluster
import Synchronization

/// The windows of all versions.
final class RowWindows: Sendable {
    /// From here on a request has many rows.
    static let many = 16
    /// Rows of such requests that each node of a version may have at once: four batches, as large as they are where nothing
    /// else is said. With half of that nodes run dry.
    static let perNode = 256

    struct Version: Hashable {
        var model: String
        var number: Int
    }

    private struct State {
        var windows: [Version: RowWindow<CheckedContinuation<Bool, Never>>] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Requests that wait for room.
    var waitingCount: Int { state.withLock { $0.windows.values.reduce(0) { $0 + $1.waiting } } }

    /// Does `body`, for a request of so many rows, once the nodes of its version have room for them. Nil where they had none
    /// until the deadline, or nobody waits for it any more.
    func with<Result>(
        _ rows: Int, of version: Version, nodes: Int, until deadline: ContinuousClock.Instant,
        _ body: () async throws -> Result
    ) async throws -> Result? {
        guard rows >= Self.many else { return try await body() }
        let limit = Self.perNode * max(1, nodes)
        guard await enter(rows, version, limit, until: deadline) else { return nil }
        defer { change(version) { $0.leave(rows, limit: limit) } }
        return try await body()
    }

    private func enter(
        _ rows: Int, _ version: Version, _ limit: Int, until deadline: ContinuousClock.Instant
    ) async -> Bool {
        let (isIn, id) = state.withLock { state in
            state.last += 1
            return (state.windows[version, default: .init()].enter(rows, limit: limit), state.last)
        }
        if isIn { return true }
        let time = Task {
            // Cancelled once it is known.
            guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
            giveUp(id, version, limit)
        }
        defer { time.cancel() }
        return await waitForTurn { continuation in
            change(version) { window in
                window.wait(continuation, as: id, rows: rows)
                return window.admit(limit: limit)
            }
            // It may have passed before there was something to give up.
            if .now >= deadline { giveUp(id, version, limit) }
        } giveUp: {
            giveUp(id, version, limit)
        }
    }

    private func giveUp(_ id: UInt64, _ version: Version, _ limit: Int) {
        let waiter = state.withLock { $0.windows[version]?.giveUp(id) }
        waiter?.resume(returning: false)
        change(version) { $0.admit(limit: limit) }
    }

    private func change(
        _ version: Version,
        _ body: (inout RowWindow<CheckedContinuation<Bool, Never>>) -> [CheckedContinuation<Bool, Never>]
    ) {
        let admitted = state.withLock { state in
            var window = state.windows[version] ?? .init()
            let admitted = body(&window)
            // One that holds nothing is forgotten.
            state.windows[version] = window.isEmpty ? nil : window
            return admitted
        }
        for waiter in admitted { waiter.resume(returning: true) }
    }
}
