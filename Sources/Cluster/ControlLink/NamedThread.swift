import Foundation

/// Runs blocking work on a thread of its own, away from the cooperative pool, which has no more threads than the
/// machine has cores.
enum NamedThread {
    /// - Parameter name: shown by `top -H` and debuggers; at most 15 bytes are kept.
    static func run<T: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result(catching: body)) }
            thread.name = name
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
