import Synchronization
import Wire

/// A stream between the messaging thread, which fills it, and its reader. It does not know the connection: what has to be
/// told to the other side is returned.
final class StreamBuffer: Sendable {
    private struct State {
        var reception: StreamReception
        var reader: CheckedContinuation<Message?, any Error>?
    }

    let peer: String
    private let state: Mutex<State>
    private let opened: UInt64
    private let firstPartTimeout: Duration
    private let betweenParts: Duration
    private let statistics: StatisticsCounter

    init(
        window: StreamCredit, peer: String, openedAt opened: UInt64, firstPartTimeout: Duration,
        betweenParts: Duration, statistics: StatisticsCounter
    ) {
        self.peer = peer
        self.opened = opened
        self.firstPartTimeout = firstPartTimeout
        self.betweenParts = betweenParts
        self.statistics = statistics
        state = Mutex(State(reception: StreamReception(window: window, peer: peer)))
    }

    /// Not read yet.
    var held: StreamCredit { state.withLock { $0.reception.held } }

    /// Takes what came in answer. The grant is what may be used again, where a reader waited for it.
    func receive(
        _ message: Message, byteCount: Int, at now: UInt64
    ) -> (progress: StreamReception.Progress, grant: StreamCredit?) {
        let (progress, woken) = state.withLock { state in
            let (wasOpen, taken) = (state.reception.isOpen, state.reception.taken)
            let progress = state.reception.receive(message, byteCount: byteCount)
            let parts = state.reception.taken - taken
            if wasOpen {
                statistics.asked {
                    $0.parts += parts
                    if progress != .open { $0.open -= 1 }
                    if progress == .broken { $0.broken += 1 }
                }
            }
            return (progress, Self.wake(&state, at: now))
        }
        return (progress, woken?.resume())
    }

    /// Gives the reader the next part, now or when it comes. Returns what may be used again because of what it read.
    func read(_ reader: CheckedContinuation<Message?, any Error>, at now: UInt64) -> StreamCredit? {
        let woken = state.withLock { state in
            precondition(state.reader == nil, "a stream is read by one task at a time")
            state.reader = reader
            return Self.wake(&state, at: now)
        }
        return woken?.resume()
    }

    func end(with error: any Error) {
        end(with: error) { _ in }
    }

    func timedOut() {
        let hasBegun = state.withLock { $0.reception.hasBegun }
        end(with: MessagingError.timedOut(peer: peer, after: hasBegun ? betweenParts : firstPartTimeout)) {
            $0.timedOut += 1
        }
    }

    /// Nobody reads any more. True when the other side has to be told.
    func cancel() -> Bool {
        let (wasOpen, woken) = state.withLock { state in
            let wasOpen = state.reception.cancel()
            if wasOpen {
                statistics.asked {
                    $0.open -= 1
                    $0.cancelled += 1
                }
            }
            return (wasOpen, Self.wake(&state, at: 0))
        }
        _ = woken?.resume()
        return wasOpen
    }

    /// When the next part must have come; while one waits to be read, when to look again.
    func deadline(at now: UInt64) -> UInt64 {
        let between = betweenParts.nanoseconds
        let deadline = state.withLock {
            $0.reception.deadline(openedAt: opened, first: firstPartTimeout.nanoseconds, between: between)
        }
        return deadline ?? nextDeadline(at: now)
    }

    /// When the part after one that comes now must have come.
    func nextDeadline(at now: UInt64) -> UInt64 { now.saturatingAdd(betweenParts.nanoseconds) }

    private func end(with error: any Error, _ count: (inout StreamCounts) -> Void) {
        let woken = state.withLock { state in
            if state.reception.end(with: error) {
                statistics.asked {
                    $0.open -= 1
                    count(&$0)
                }
            }
            return Self.wake(&state, at: 0)
        }
        _ = woken?.resume()
    }

    /// A reader, and what there is for it.
    private struct Woken {
        let reader: CheckedContinuation<Message?, any Error>
        let reading: StreamReception.Reading

        /// Outside of the lock. Returns what may be used again.
        func resume() -> StreamCredit? {
            switch reading {
            case .part(let message, let grant):
                reader.resume(returning: message)
                return grant
            case .finished: reader.resume(returning: nil)
            case .failed(let error): reader.resume(throwing: error)
            case .nothing: preconditionFailure("a reader waits on for what is not there")
            }
            return nil
        }
    }

    private static func wake(_ state: inout State, at now: UInt64) -> Woken? {
        guard let reader = state.reader else { return nil }
        let reading = state.reception.next(at: now)
        if case .nothing = reading { return nil }
        state.reader = nil
        return Woken(reader: reader, reading: reading)
    }
}
