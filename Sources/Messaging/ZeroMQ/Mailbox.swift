import DequeModule
import Synchronization

/// What any thread wants of the messaging thread, in order. Bounded, and silent unless the thread sleeps: posting to
/// a thread that is awake costs a lock and no system call.
final class Mailbox<Element: Sendable>: Sendable {
    enum Refusal: Error {
        case full, closed
    }

    private struct State {
        var elements = Deque<Element>()
        var asleep = false
        var closed = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let wake: EventDescriptor

    init(limit: Int) throws(MessagingError) {
        self.limit = limit
        wake = try EventDescriptor()
    }

    /// Readable when the thread has something to do.
    var descriptor: Int32 { wake.number }

    /// `isControl` elements are few and must not get lost: they are taken even when the mailbox is full.
    func post(_ element: Element, isControl: Bool = false) throws(Refusal) {
        let (refusal, mustWake) = state.withLock { state -> (Refusal?, Bool) in
            if state.closed { return (.closed, false) }
            if state.elements.count >= limit, !isControl { return (.full, false) }
            state.elements.append(element)
            defer { state.asleep = false }
            return (nil, state.asleep)
        }
        if let refusal { throw refusal }
        if mustWake { wake.signal() }
    }

    /// Takes nothing more. What was posted before is still delivered.
    func close() {
        state.withLock {
            $0.closed = true
            $0.asleep = false
        }
        wake.signal()
    }

    /// Swaps what was posted with `elements`, which must be empty. True when nothing can come any more.
    func take(into elements: inout Deque<Element>) -> Bool {
        state.withLock { state in
            state.asleep = false
            swap(&state.elements, &elements)
            return state.closed
        }
    }

    /// Whether the thread may sleep. If so the next post wakes it.
    func prepareToSleep() -> Bool {
        state.withLock { state in
            state.asleep = state.elements.isEmpty && !state.closed
            return state.asleep
        }
    }

    func clearWake() {
        wake.clear()
    }
}
