import Foundation

/// Runs work that blocks on a thread of its own: Swift's pool has as many threads as the machine has cores, and none to
/// spare for waiting.
func onOwnThread<Result: Sendable>(
    _ name: String, _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Swift.Result { try work() }) }
        thread.name = name
        thread.start()
    }
}
