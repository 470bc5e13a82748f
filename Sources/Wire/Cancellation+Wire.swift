import CWire

extension Cancellation {
    init(wire: Martlet__V1__Cancellation) {
        self.init(messageID: wire.message_id)
    }

    func validate() throws(WireError) {
        guard messageID != 0 else {
            throw .invalid(field: "cancellation.message_id", expected: "the id of a message", got: "0")
        }
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Cancellation> {
        let wire = arena.allocate(Martlet__V1__Cancellation.self)
        martlet__v1__cancellation__init(wire)
        wire.pointee.message_id = messageID
        return wire
    }
}
