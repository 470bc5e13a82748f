import NIOCore
import NIOHTTP1

/// A request whose body is still to come. One object, so that the body has one owner and grows in place: to copy all that
/// is there for every piece that comes would take longer than all else.
final class IncomingRequest {
    private(set) var whole: WholeRequest
    let limit: BodyLimit
    /// Undoes the body's content coding, where it has one.
    let decoder: ContentDecoder?

    init(_ whole: WholeRequest, limit: BodyLimit, decoder: ContentDecoder?) {
        self.whole = whole
        self.limit = limit
        self.decoder = decoder
    }

    /// Appends a piece of the body. Throws 413, or 400 where it cannot be decoded.
    func append(_ piece: ByteBuffer) throws(Refusal) {
        if let decoder {
            try decoder.decode(piece, into: &whole.body)
        } else if whole.body.readableBytes == 0 {
            whole.body = piece
        } else {
            var piece = piece
            whole.body.writeBuffer(&piece)
        }
        guard whole.body.readableBytes <= limit.bytes else { throw limit.exceeded("is longer") }
    }

    /// More is to come: what has come so far is held until then, and counts. Throws 429.
    func wait() throws(Refusal) {
        whole.body.fit()
        try whole.ticket.receive(whole.body.readableBytes + (decoder == nil ? 0 : ContentDecoder.footprint))
    }

    /// The body is there.
    func finish() throws(Refusal) -> WholeRequest {
        try decoder?.finish()
        return whole
    }
}
