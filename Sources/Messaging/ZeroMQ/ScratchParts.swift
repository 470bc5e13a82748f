import CZeroMQ

/// Two message parts that are received into again and again: the routing id and the envelope of each message.
final class ScratchParts {
    let routingID = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)
    let envelope = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)

    init() {
        zmq_msg_init(routingID)
        zmq_msg_init(envelope)
    }

    deinit {
        zmq_msg_close(routingID)
        zmq_msg_close(envelope)
        routingID.deallocate()
        envelope.deallocate()
    }
}

extension UnsafeMutablePointer<zmq_msg_t> {
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: zmq_msg_data(self), count: zmq_msg_size(self))
    }

    /// Whether more parts of the same message follow.
    var hasMore: Bool { zmq_msg_more(self) != 0 }

    /// Receives the next part without waiting; false when there is none.
    func receive(from socket: UnsafeMutableRawPointer) -> Bool {
        while zmq_msg_recv(self, socket, ZMQ_DONTWAIT) < 0 {
            if zmq_errno() != EINTR { return false }
        }
        return true
    }
}
