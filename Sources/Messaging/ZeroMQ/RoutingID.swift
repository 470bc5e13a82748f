import CZeroMQ

/// The frame by which a ROUTER tells its connections apart: a zero byte and a number of libzmq's choosing, new for
/// every connection. A peer that sends an id of its own choice has none of this form, or one that is already taken.
struct RoutingID: Equatable {
    private static let byteCount = 5

    let connection: UInt32

    init(connection: UInt32) {
        self.connection = connection
    }

    /// Nil for an id that libzmq did not choose.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount, bytes[0] == 0 else { return nil }
        connection = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
    }

    /// Returns libzmq's error number, or 0.
    func send(on socket: UnsafeMutableRawPointer) -> Int32 {
        var id: (UInt8, UInt32) = (0, 0)
        return withUnsafeMutableBytes(of: &id) { bytes in
            bytes[0] = 0
            bytes.storeBytes(of: connection.bigEndian, toByteOffset: 1, as: UInt32.self)
            while zmq_send(socket, bytes.baseAddress!, Self.byteCount, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0 {
                let error = zmq_errno()
                if error != EINTR { return error }
            }
            return 0
        }
    }
}
