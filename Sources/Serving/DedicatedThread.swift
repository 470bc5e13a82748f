import Foundation

/// Runs work that blocks on a thread of its own, because Swift's cooperative pool is only as wide as the machine.
enum DedicatedThread {
    static func run<Result: Sendable>(
        named name: String, _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Swift.Result { try work() }) }
            thread.name = name
            thread.start()
        }
    }
}
