import NIOHTTP1

/// How much of a request's body is read.
struct BodyLimit: Sendable {
    let bytes: Int

    /// Throws 413 before a byte is read where the length is over the limit.
    func check(_ framing: BodyFraming) throws(Refusal) {
        guard case .length(let length) = framing, length > bytes else { return }
        throw exceeded(length == .max ? "has more than can be counted" : "has \(length)")
    }

    func exceeded(_ came: String) -> Refusal {
        Refusal(
            .payloadTooLarge, "the body may have \(bytes) bytes, this one \(came); send fewer rows at a time",
            closesConnection: true)
    }
}
