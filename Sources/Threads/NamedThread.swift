import CThreads
import Foundation

/// A thread of the system with a name that `top -H` and debuggers show.
///
/// Swift's cooperative pool has no more threads than the machine has cores and none to spare for waiting, so whatever
/// blocks or computes for long runs on a thread of its own.
package enum NamedThread {
    /// The system gave no thread.
    package struct Refusal: Error, CustomStringConvertible {
        package let reason: String

        package var description: String { "no thread: \(reason)" }
    }

    /// Bytes of a thread's stack, as the first thread of a process has.
    package static let stackSize = 8 << 20

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a thread of its own, which no one needs to join.
    /// - Parameter name: at most 15 bytes are kept.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(Refusal) {
        let thread = try startJoinable(name, body)
        pthread_detach(thread)
    }

    /// Runs `body` on a thread of its own, which somebody must join with `pthread_join`.
    static func startJoinable(
        _ name: String, _ body: @escaping @Sendable () -> Void
    ) throws(Refusal) -> pthread_t {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)
        var thread = pthread_t()
        let start = Unmanaged.passRetained(
            Start(name: String(decoding: name.utf8.prefix(15), as: UTF8.self), body: body))
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                pthread_setname_np(pthread_self(), start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw Refusal(reason: String(cString: strerror(result)))
        }
        return thread
    }

    /// Starts a thread without which the process is of no use: where the system gives none, the process ends.
    package static func startForGood(_ name: String, _ body: @escaping @Sendable () -> Void) {
        do throws(Refusal) {
            try start(name, body)
        } catch {
            preconditionFailure("'\(name)': \(error)")
        }
    }

    /// Waits, without blocking, for the result of work on a thread of its own.
    package static func run<Result: Sendable>(
        _ name: String, _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do throws(Refusal) {
                try start(name) { continuation.resume(with: Swift.Result(catching: work)) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
