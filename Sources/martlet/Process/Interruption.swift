import UnixSignals

/// SIGINT and SIGTERM as the cancellation of a piece of work, for what must not be left half done.
enum Interruption {
    /// Returns, or throws, what the body does once it was cancelled.
    static func cancels<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        // Before the body begins, so that no signal ends the process between.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let work = Task { try await body() }
        let watch = Task { for await _ in signals { work.cancel() } }
        defer { watch.cancel() }
        return try await work.value
    }
}
