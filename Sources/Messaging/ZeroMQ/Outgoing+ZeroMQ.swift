import CZeroMQ

extension Outgoing {
    /// Hands every frame to `socket`, behind the routing id where one is needed. Returns the error number with which
    /// libzmq refused the first part, or 0: it takes a message whole or not at all.
    func send(on socket: UnsafeMutableRawPointer, routingID: RoutingID?) -> Int32 {
        if let routingID {
            let error = routingID.send(on: socket)
            guard error == 0 else { return error }
        }
        let error = send(envelope, on: socket, more: !frames.isEmpty)
        guard error == 0 else { return error }
        for (index, frame) in frames.enumerated() {
            let error = send(frame, on: socket, more: index + 1 < frames.count)
            guard error == 0 else { return error }
        }
        return 0
    }

    private func send(_ frame: Frame, on socket: UnsafeMutableRawPointer, more: Bool) -> Int32 {
        var part = zmq_msg_t()
        if frame.count == 0 {
            zmq_msg_init(&part)
        } else {
            let holder = Unmanaged.passRetained(self).toOpaque()
            let result = zmq_msg_init_data(
                &part, UnsafeMutableRawPointer(mutating: frame.address!), frame.count,
                { _, holder in Unmanaged<Outgoing>.fromOpaque(holder!).release() }, holder)
            precondition(result == 0, "libzmq is out of memory")
        }
        while zmq_msg_send(&part, socket, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) < 0 {
            let error = zmq_errno()
            if error == EINTR { continue }
            zmq_msg_close(&part)
            return error
        }
        return 0
    }
}
