import Threads

/// Shows on standard error, where that is a terminal, that a long piece of work is still under way; what is short shows
/// nothing. Elsewhere it says nothing, since lines that only somebody who waits can use are no part of a log.
final class SignOfLife: Sendable {
    /// Work that takes less than this is not worth a line; the line is drawn as often.
    private static let interval = Duration.seconds(1)

    private let what: String
    private let write: @Sendable (String) -> Void
    private let condition = MonotonicCondition()
    // Guarded by the condition.
    private nonisolated(unsafe) var isOver = false
    private nonisolated(unsafe) var isDrawn = false

    /// Runs `body`, which blocks, under the line `what`.
    static func during<Result>(
        _ what: String, isShown: Bool = PredictionProgress.errorIsScreen, interval: Duration = interval,
        write: @escaping @Sendable (String) -> Void = draw, _ body: () throws -> Result
    ) rethrows -> Result {
        guard isShown else { return try body() }
        let sign = SignOfLife(what, write)
        // Without a thread the work goes on as well.
        try? NamedThread.start("sign-of-life") { sign.draw(every: interval) }
        defer { sign.end() }
        return try body()
    }

    /// Where it cannot be written, the work is still done.
    private static let draw: @Sendable (String) -> Void = { try? StandardStream.error.write($0) }

    private init(_ what: String, _ write: @escaping @Sendable (String) -> Void) {
        self.what = what
        self.write = write
    }

    private func draw(every interval: Duration) {
        let start = ContinuousClock.now
        condition.lock()
        defer { condition.unlock() }
        var next = start + interval
        while !isOver {
            guard !condition.wait(until: next), !isOver else { continue }
            isDrawn = true
            let line = "\(what), \(Figures.duration(seconds: (next - start) / .seconds(1)))"
            write("\r\u{1B}[K\(line.fitting(Terminal.size.columns - 1))")
            next += interval
        }
    }

    private func end() {
        condition.lock()
        defer { condition.unlock() }
        isOver = true
        if isDrawn { write("\r\u{1B}[K") }
        condition.broadcast()
    }
}
