import CWire

extension Failure {
    init(wire: Martlet__V1__Failure) throws(WireError) {
        guard let code = Code(rawValue: wire.code.rawValue) else {
            throw .invalid(
                field: "failure.code", expected: "0 to \(Code.internal.rawValue)", got: "\(wire.code.rawValue)")
        }
        self.init(code, try String(wire: wire.message, "failure.message"))
    }

    func wire(in arena: inout Arena) -> UnsafeMutablePointer<Martlet__V1__Failure> {
        let wire = arena.allocate(Martlet__V1__Failure.self)
        martlet__v1__failure__init(wire)
        wire.pointee.code = Martlet__V1__FailureCode(code.rawValue)
        wire.pointee.message = arena.copy(boundedMessage)
        return wire
    }

    /// The message, cut between characters where it is too long: a failure must always arrive. It may quote a text with
    /// a zero byte in it, which would end the message.
    private var boundedMessage: String {
        let limit = WireLimits.failureMessageBytes
        let message = message.replacing("\0", with: "\\0")
        guard message.utf8.count > limit else { return message }
        let mark = "…"
        var end = message.utf8.index(message.startIndex, offsetBy: limit - mark.utf8.count)
        while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
        return message[..<end] + mark
    }
}
