import Synchronization

/// How many requests, and how many bytes of them, the gateway holds at once. Beyond that it says so at once instead of
/// letting everyone wait.
final class Admission: Sendable {
    struct Limits: Sendable {
        var requests = 1024
        var bytes = 256 << 20
    }

    private let limits: Limits
    private let held = Mutex((requests: 0, bytes: 0))

    init(limits: Limits) {
        self.limits = limits
    }

    var current: (requests: Int, bytes: Int) { held.withLock { $0 } }

    /// Takes room for a request of `bytes`, or returns false and takes none.
    func admit(bytes: Int) -> Bool {
        held.withLock { held in
            guard held.requests < limits.requests, held.bytes + bytes <= limits.bytes else { return false }
            held.requests += 1
            held.bytes += bytes
            return true
        }
    }

    func release(bytes: Int) {
        held.withLock { held in
            held.requests -= 1
            held.bytes -= bytes
        }
    }
}
