import Synchronization

/// What a rank has printed and the coordinator has not got yet. Bounded: lines that find no room are left out, and the
/// numbers of those behind them, or of all that were printed, tell how many.
final class RankOutputQueue: Sendable {
    private struct State {
        var lines: [(number: Int, text: String)] = []
        var count = 0
        var tail: [String] = []
        var errors: [String] = []
        var isFinished = false
    }

    private let state = Mutex(State())
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// Lines that may wait.
    static let limit = 2000
    /// Lines of one message.
    static let batch = 200
    /// Lines that the report of the rank's end repeats. A trap prints its reason above the frames of the stack.
    static let tailCount = 100

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// - Parameter areErrors: from standard error.
    func add(_ lines: [String], areErrors: Bool = false) {
        guard !lines.isEmpty else { return }
        state.withLock { state in
            for line in lines {
                if state.lines.count < Self.limit { state.lines.append((state.count, line)) }
                state.count += 1
            }
            state.tail = (state.tail + lines).suffix(Self.tailCount)
            if areErrors { state.errors = (state.errors + lines).suffix(Self.tailCount) }
        }
        signal.yield()
    }

    func finish() {
        state.withLock { $0.isFinished = true }
        signal.yield()
    }

    /// The last lines of standard error, where reasons stand; of all that was printed if it has none.
    var tail: [String] {
        state.withLock { $0.errors.contains { !$0.isEmpty } ? $0.errors : $0.tail }
    }

    /// How many lines were added, whether they found room or not.
    var printed: Int { state.withLock { $0.count } }

    /// Lines in a row, with the number of the first; waits until there are some. Nil once all have been taken.
    func next() async -> (first: Int, lines: [String])? {
        var signals = signals.makeAsyncIterator()
        while true {
            let (batch, isOver) = state.withLock { state -> ((first: Int, lines: [String])?, Bool) in
                guard let first = state.lines.first?.number else { return (nil, state.isFinished) }
                let row = state.lines.prefix(Self.batch).enumerated().prefix { $1.number == first + $0 }
                state.lines.removeFirst(row.count)
                return ((first, row.map(\.element.text)), false)
            }
            if let batch { return batch }
            if isOver { return nil }
            guard await signals.next() != nil else { return nil }
        }
    }
}
