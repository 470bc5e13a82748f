import CWire

extension StreamCredit {
    init(wire: Martlet__V1__Credit) {
        // What does not fit an `Int` is far beyond what may be granted, and refused as that.
        self.init(parts: Int(wire.parts), bytes: Int(clamping: wire.bytes))
    }

    /// `field` is where the credit lies in the message.
    func validate(_ field: String) throws(WireError) {
        guard (0...WireLimits.creditParts).contains(parts) else {
            throw .invalid(
                field: field + ".parts", expected: "0 to \(WireLimits.creditParts) parts", got: "\(parts)")
        }
        guard (0...WireLimits.creditBytes).contains(bytes) else {
            throw .invalid(
                field: field + ".bytes", expected: "0 to \(WireLimits.creditBytes) bytes", got: "\(bytes)")
        }
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Credit> {
        let wire = arena.allocate(Martlet__V1__Credit.self)
        martlet__v1__credit__init(wire)
        wire.pointee.parts = UInt32(parts)
        wire.pointee.bytes = UInt64(bytes)
        return wire
    }
}

extension CreditGrant {
    init(wire: Martlet__V1__CreditGrant) throws(WireError) {
        guard let credit = wire.credit else {
            throw .invalid(field: "credit_grant.credit", expected: "what is granted", got: "nothing")
        }
        self.init(messageID: wire.message_id, credit: StreamCredit(wire: credit.pointee))
    }

    func validate() throws(WireError) {
        guard messageID != 0 else {
            throw .invalid(field: "credit_grant.message_id", expected: "the id of a message", got: "0")
        }
        try credit.validate("credit_grant.credit")
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__CreditGrant> {
        let wire = arena.allocate(Martlet__V1__CreditGrant.self)
        martlet__v1__credit_grant__init(wire)
        wire.pointee.message_id = messageID
        wire.pointee.credit = credit.wire(in: &arena)
        return wire
    }
}
