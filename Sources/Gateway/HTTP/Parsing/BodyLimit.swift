import NIOHTTP1

/// How much of a request's body is read.
struct BodyLimit: Sendable {
    let bytes: Int

    /// Throws 413 before a byte is read where the length is over the limit.
    func check(_ framing: BodyFraming) throws(Refusal) {
        if case .length(let length) = framing, length > bytes { throw exceeded("has \(length)") }
    }

    func exceeded(_ came: String) -> Refusal {
        Refusal(
            .payloadTooLarge, "the body may have \(bytes) bytes, this one \(came); send fewer rows at a time",
            closesConnection: true)
    }
}
