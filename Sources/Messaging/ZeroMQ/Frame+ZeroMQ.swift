import CZeroMQ

extension Frame {
    /// Takes over `part`, which `zmq_msg_recv` filled. Copies only bytes that libzmq put at an odd address.
    convenience init(received part: UnsafeMutablePointer<zmq_msg_t>) {
        let count = zmq_msg_size(part)
        let address = zmq_msg_data(part)
        if let address, count > 0, !UInt(bitPattern: address).isMultiple(of: 8) {
            self.init(copying: UnsafeRawBufferPointer(start: address, count: count))
            zmq_msg_close(part)
            part.deallocate()
        } else {
            self.init(storage: .received(part), address: UnsafeRawPointer(address), count: count)
        }
    }
}
