import CZeroMQ

/// The socket on which libzmq asks `ConnectionAuthentication` (ZAP, ZeroMQ RFC 27).
struct AuthenticationSocket: ~Copyable {
    private static let endpoint = "inproc://zeromq.zap.01"

    private var socket: Socket
    let descriptor: Int32

    /// Must exist before the first listener is bound.
    init(_ context: Context) throws(MessagingError) {
        let socket = try context.socket(ZMQ_REP)
        socket.set(ZMQ_LINGER, 0 as Int32)
        guard zmq_bind(socket.pointer, Self.endpoint) == 0 else {
            throw .cannotStart(reason: "cannot bind \(Self.endpoint): \(ZeroMQError.current)")
        }
        descriptor = socket.descriptor
        self.socket = socket
    }

    mutating func close() {
        socket.close()
    }

    /// Answers every question that waits; tells `refused` why a peer was not admitted.
    func answer(_ authentication: ConnectionAuthentication, refused: (String) -> Void) {
        while socket.events & ZMQ_POLLIN != 0 {
            guard let question = receive() else { return }
            guard question.count >= 7, question[0] == Array("1.0".utf8) else {
                reply(["1.0", "", "500", "not a ZAP 1.0 request", "", ""])
                continue
            }
            let texts = question.map { String(decoding: $0, as: UTF8.self) }
            switch authentication.verdict(domain: texts[2], mechanism: texts[5], credentials: question[6]) {
            case .admit(let name):
                reply(["1.0", texts[1], "200", "", name, ""])
            case .refuse(let reason):
                refused("\(texts[3]): \(reason)")
                // libzmq then closes the connection and the refused side gives up; our links try again by themselves
                // (`reconnectInterval`). With 300 the connection would linger until the handshake times out.
                reply(["1.0", texts[1], "400", "not admitted", "", ""])
            }
        }
    }

    private func receive() -> [[UInt8]]? {
        var parts: [[UInt8]] = []
        var part = zmq_msg_t()
        zmq_msg_init(&part)
        defer { zmq_msg_close(&part) }
        repeat {
            while zmq_msg_recv(&part, socket.pointer, ZMQ_DONTWAIT) < 0 {
                if zmq_errno() != EINTR { return nil }
            }
            parts.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&part), count: zmq_msg_size(&part))))
        } while zmq_msg_more(&part) != 0
        return parts
    }

    private func reply(_ parts: [String]) {
        for (index, part) in parts.enumerated() {
            let flags = ZMQ_DONTWAIT | (index + 1 < parts.count ? ZMQ_SNDMORE : 0)
            // The only failure is that the asking connection is gone, and with it the question.
            zmq_send(socket.pointer, part, part.utf8.count, flags)
        }
    }
}
