import CZeroMQ

/// One libzmq socket. libzmq allows a socket to change threads when a full fence lies between: it is made, configured
/// and bound by the caller of `connect` or `bind`, handed to the messaging thread through the mailbox's lock, and from
/// then on used and closed by that thread alone.
struct Socket: ~Copyable {
    private var handle: UnsafeMutableRawPointer?

    init(adopting handle: UnsafeMutableRawPointer) {
        self.handle = handle
    }

    deinit {
        if let handle { zmq_close(handle) }
    }

    mutating func close() {
        if let handle { zmq_close(handle) }
        handle = nil
    }

    /// The open socket.
    var pointer: UnsafeMutableRawPointer {
        guard let handle else { preconditionFailure("used a closed socket") }
        return handle
    }

    func set(_ option: Int32, _ value: Int32) {
        var value = value
        setBytes(option, &value, MemoryLayout<Int32>.size)
    }

    func set(_ option: Int32, _ value: Int64) {
        var value = value
        setBytes(option, &value, MemoryLayout<Int64>.size)
    }

    func set(_ option: Int32, _ value: UnsafeRawBufferPointer) {
        setBytes(option, value.baseAddress, value.count)
    }

    func set(_ option: Int32, _ value: String) {
        setBytes(option, value, value.utf8.count)
    }

    private func setBytes(_ option: Int32, _ value: UnsafeRawPointer?, _ count: Int) {
        let result = zmq_setsockopt(pointer, option, value, count)
        precondition(result == 0, "libzmq refused option \(option): \(ZeroMQError.current)")
    }

    /// The descriptor that becomes readable when the state of the socket may have changed.
    var descriptor: Int32 { integer(ZMQ_FD) ?? -1 }

    /// `ZMQ_POLLIN` and `ZMQ_POLLOUT` as they are now; asking is also what rearms `descriptor`. 0 when libzmq ends.
    var events: Int32 { integer(ZMQ_EVENTS) ?? 0 }

    private func integer(_ option: Int32) -> Int32? {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        return zmq_getsockopt(pointer, option, &value, &size) == 0 ? value : nil
    }

    /// The bound address, with the port that the system chose.
    var lastEndpoint: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            var size = text.count
            guard zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, text.baseAddress!, &size) == 0 else { return "" }
            return String(cString: text.baseAddress!)
        }
    }
}
