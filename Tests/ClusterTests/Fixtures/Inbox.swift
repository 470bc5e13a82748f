import DequeModule
import Synchronization

/// A bounded queue from any number of threads to one task.
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: Deque<Element> = []
        var waiter: CheckedContinuation<Element?, Never>?
        var isClosed = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Queues an element; never blocks. False if the queue is full or closed: then nothing was queued.
    func offer(_ element: Element) -> Bool {
        put(element, limit: limit)
    }

    /// Queues what must not be lost and is bounded elsewhere: the completion of something that was started.
    func put(_ element: Element) {
        _ = put(element, limit: .max)
    }

    /// The next element, when there is one; nil once the queue is closed and empty. For one task only.
    func next() async -> Element? {
        await withCheckedContinuation { continuation in
            let ready: Element?? = state.withLock { state in
                precondition(state.waiter == nil, "an inbox has one reader")
                if let element = state.elements.popFirst() { return .some(element) }
                if state.isClosed { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Takes no more; what is queued can still be read.
    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            return state.waiter.take()
        }
        waiter?.resume(returning: nil)
    }

    private func put(_ element: Element, limit: Int) -> Bool {
        let (isTaken, waiter) = state.withLock { state in
            if state.isClosed { return (false, nil as CheckedContinuation<Element?, Never>?) }
            if let waiter = state.waiter.take() { return (true, waiter) }
            if state.elements.count >= limit { return (false, nil) }
            state.elements.append(element)
            return (true, nil)
        }
        waiter?.resume(returning: element)
        return isTaken
    }
}
