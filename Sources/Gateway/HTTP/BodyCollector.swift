import HTTPTypes
import Hummingbird
import NIOCore

/// Takes a request's body in, but never more than the limit.
struct BodyCollector {
    let limit: Int

    /// The length the client announces. Throws 413 before a byte is read where that is over the limit.
    func announcedLength(_ headers: HTTPFields) throws(Refusal) -> Int? {
        guard let field = headers[.contentLength] else { return nil }
        guard let length = Int(field), length >= 0 else {
            throw Refusal(
                .badRequest, "content-length: expected a number of bytes, got '\(field)'", closesConnection: true)
        }
        guard length <= limit else { throw tooLarge("has \(length)") }
        return length
    }

    /// The whole body. One piece, as small ones come, is not copied.
    func collect(_ body: RequestBody, announced: Int?) async throws -> ByteBuffer {
        var iterator = body.makeAsyncIterator()
        guard var all = try await iterator.next() else { return ByteBuffer() }
        if let announced, all.readableBytes < announced { all.reserveCapacity(announced) }
        while let piece = try await iterator.next() {
            guard all.readableBytes + piece.readableBytes <= limit else { throw tooLarge("is longer") }
            all.writeImmutableBuffer(piece)
        }
        return all
    }

    private func tooLarge(_ came: String) -> Refusal {
        Refusal(
            .contentTooLarge, "the body may have \(limit) bytes, this one \(came); send fewer rows at a time",
            closesConnection: true)
    }
}
