import DequeModule
import Foundation

/// A thread of its own, with a name, for work that blocks on a disk: one piece after the other, in order.
///
/// The cooperative pool has no more threads than the machine has cores, so nothing may block there.
package final class WorkThread: Sendable {
    package enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        case full(thread: String, limit: Int)
        case closed(thread: String)

        package var description: String {
            switch self {
            case .full(let thread, let limit): "\(limit) pieces of work wait for thread '\(thread)' already"
            case .closed(let thread): "thread '\(thread)' has ended"
            }
        }
    }

    private let name: String
    private let limit: Int
    private let queue = WorkQueue()

    /// - Parameter limit: pieces of work that may wait.
    package init(name: String, limit: Int) {
        self.name = name
        self.limit = limit
        NamedThread.startForGood(name) { [queue] in
            while let work = queue.next() { work() }
        }
    }

    deinit {
        queue.close()
    }

    /// Queues work that others ask for, and returns. Throws `Refusal` if it is not taken.
    package func submit(_ work: @escaping @Sendable () -> Void) throws(Refusal) {
        try queue(work, limit: limit)
    }

    /// Queues work of which there is never much at a time; false once the thread is closed.
    @discardableResult
    package func enqueue(_ work: @escaping @Sendable () -> Void) -> Bool {
        do throws(Refusal) {
            try queue(work, limit: .max)
            return true
        } catch {
            return false
        }
    }

    private func queue(_ work: @escaping @Sendable () -> Void, limit: Int) throws(Refusal) {
        switch queue.offer(work, limit: limit) {
        case .taken: break
        case .full: throw .full(thread: name, limit: limit)
        case .closed: throw .closed(thread: name)
        }
    }

    /// Waits for the result of work, without blocking; whoever waits asks for nothing else meanwhile, which is the
    /// bound. Throws what the work throws, and `Refusal.closed`.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            if !enqueue({ continuation.resume(with: Swift.Result(catching: work)) }) {
                continuation.resume(throwing: Refusal.closed(thread: name))
            }
        }
    }

    /// Takes no more work; what waits is still done.
    package func close() {
        queue.close()
    }
}

/// The queue between those who ask and the thread that does.
private final class WorkQueue: @unchecked Sendable {
    enum Answer {
        case taken, full, closed
    }

    private let condition = NSCondition()
    // Both guarded by `condition`.
    private var waiting: Deque<@Sendable () -> Void> = []
    private var isClosed = false

    func offer(_ work: @escaping @Sendable () -> Void, limit: Int) -> Answer {
        condition.withLock {
            if isClosed { return .closed }
            if waiting.count >= limit { return .full }
            waiting.append(work)
            condition.signal()
            return .taken
        }
    }

    /// Blocks until there is work; nil once the queue is closed and empty.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while waiting.isEmpty {
                if isClosed { return nil }
                condition.wait()
            }
            return waiting.removeFirst()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}
