import CZeroMQ
import Synchronization

/// A libzmq context: sockets can be made from any thread until it ends, and none after.
final class Context: Sendable {
    private struct Handle: @unchecked Sendable {
        var pointer: UnsafeMutableRawPointer?
    }

    private let handle: Mutex<Handle>

    /// - Parameter threads: that encrypt, decrypt, and move bytes.
    init(threads: Int) throws(MessagingError) {
        guard let pointer = zmq_ctx_new() else {
            throw .cannotStart(reason: "no ZeroMQ context: \(ZeroMQError.current)")
        }
        zmq_ctx_set(pointer, ZMQ_IO_THREADS, Int32(threads))
        handle = Mutex(Handle(pointer: pointer))
    }

    deinit {
        terminate()
    }

    func socket(_ type: Int32) throws(MessagingError) -> Socket {
        let socket = handle.withLock { handle -> Socket? in
            guard let context = handle.pointer, let socket = zmq_socket(context, type) else { return nil }
            return Socket(adopting: socket)
        }
        guard let socket else { throw .closed }
        return socket
    }

    /// Blocks until every socket is closed and what lingers is sent or given up.
    func terminate() {
        let pointer = handle.withLock { handle -> Handle in
            defer { handle.pointer = nil }
            return handle
        }.pointer
        guard let pointer else { return }
        while zmq_ctx_term(pointer) != 0, zmq_errno() == EINTR {}
    }
}

/// An error number of libzmq as text.
struct ZeroMQError: CustomStringConvertible {
    let number: Int32

    static var current: ZeroMQError { ZeroMQError(number: zmq_errno()) }

    var description: String { String(cString: zmq_strerror(number)) }
}
