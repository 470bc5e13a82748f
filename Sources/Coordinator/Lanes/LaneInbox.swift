import Synchronization

/// A bounded queue in lanes from any number of threads to one task, which takes from the lanes in turn.
package final class LaneInbox<Lane: Hashable & CaseIterable & Sendable, Element: Sendable>: Sendable {
    private struct State {
        var lanes: Lanes<Lane, Element>
        var waiter: CheckedContinuation<Element?, Never>?
        var isClosed = false
    }

    private let state: Mutex<State>

    package init(limits: Lanes<Lane, Element>.Limits) {
        state = Mutex(State(lanes: Lanes(limits: limits)))
    }

    /// Queues an element of a sender; never blocks. False if the lane or the sender's share of it is full, or the queue
    /// closed: then nothing was queued.
    package func offer(_ element: Element, in lane: Lane, from sender: String) -> Bool {
        add(element) { $0.offer(element, in: lane, from: sender) }
    }

    /// Queues what must not be lost and is bounded elsewhere: the completion of something that was started.
    package func put(_ element: Element, in lane: Lane) {
        _ = add(element) {
            $0.put(element, in: lane)
            return true
        }
    }

    /// The next element, when there is one; nil once the queue is closed and empty. For one task only.
    package func next() async -> Element? {
        await withCheckedContinuation { continuation in
            let ready: Element?? = state.withLock { state in
                precondition(state.waiter == nil, "an inbox has one reader")
                if let element = state.lanes.next() { return .some(element) }
                if state.isClosed { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Takes no more; what is queued can still be read.
    package func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            return state.waiter.take()
        }
        waiter?.resume(returning: nil)
    }

    private func add(_ element: Element, _ queue: (inout Lanes<Lane, Element>) -> Bool) -> Bool {
        let (isTaken, waiter) = state.withLock { state in
            if state.isClosed { return (false, nil as CheckedContinuation<Element?, Never>?) }
            if let waiter = state.waiter.take() { return (true, waiter) }
            return (queue(&state.lanes), nil)
        }
        waiter?.resume(returning: element)
        return isTaken
    }
}
