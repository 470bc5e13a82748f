import Synchronization

/// How much waits to be sent to each peer of one socket. A message counts from `send` until libzmq has encrypted it,
/// so this bounds our queue and libzmq's together, whose own limit counts messages and never bytes.
final class Backlog: Sendable {
    struct Load: Equatable {
        var messages = 0
        var bytes = 0
    }

    private let messageLimit: Int
    private let byteLimit: Int
    /// Only peers to which something waits have an entry, so peers that come and go leave nothing behind.
    private let loads = Mutex<[UInt32: Load]>([:])

    init(messages: Int, bytes: Int) {
        messageLimit = messages
        byteLimit = bytes
    }

    /// Whether a message of `bytes` still fits; if so it counts until `release`.
    func reserve(bytes: Int, for connection: UInt32) -> Bool {
        loads.withLock { loads in
            var load = loads[connection] ?? Load()
            load.messages += 1
            load.bytes += bytes
            guard load.messages <= messageLimit, load.bytes <= byteLimit else { return false }
            loads[connection] = load
            return true
        }
    }

    func release(bytes: Int, for connection: UInt32) {
        loads.withLock { loads in
            guard var load = loads[connection] else { preconditionFailure("released more than was reserved") }
            load.messages -= 1
            load.bytes -= bytes
            loads[connection] = load.messages == 0 ? nil : load
        }
    }

    func load(of connection: UInt32) -> Load {
        loads.withLock { $0[connection] ?? Load() }
    }
}
