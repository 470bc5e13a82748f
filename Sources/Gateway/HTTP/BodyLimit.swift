import HTTPTypes
import NIOHTTP1

/// How much of a request's body is read.
struct BodyLimit: Sendable {
    let bytes: Int

    /// The length that the client announces, the limit where it sends pieces without saying how many, and nil where
    /// there is no body. Throws 413 before a byte is read where the length is over the limit.
    func expected(_ headers: HTTPHeaders) throws(Refusal) -> Int? {
        guard let field = headers.first(name: "content-length") else {
            return headers.contains(name: "transfer-encoding") ? bytes : nil
        }
        guard let length = Int(field), length >= 0 else {
            throw Refusal(
                .badRequest, "content-length: expected a number of bytes, got '\(field)'", closesConnection: true)
        }
        guard length <= bytes else { throw exceeded("has \(length)") }
        return length == 0 ? nil : length
    }

    func exceeded(_ came: String) -> Refusal {
        Refusal(
            .contentTooLarge, "the body may have \(bytes) bytes, this one \(came); send fewer rows at a time",
            closesConnection: true)
    }
}
