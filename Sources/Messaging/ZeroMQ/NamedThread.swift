import CZeroMQ
import Foundation

/// A thread of the system with a name that `top` and debuggers show (at most 15 characters).
enum NamedThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a thread of its own, which no one needs to join.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(MessagingError) {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start(name: String(name.prefix(15)), body: body))
        let result = pthread_create(
            &thread, nil,
            { argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                pthread_setname_np(pthread_self(), start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            start.release()
            throw .cannotStart(reason: "no thread: \(String(cString: strerror(result)))")
        }
        pthread_detach(thread)
    }
}
