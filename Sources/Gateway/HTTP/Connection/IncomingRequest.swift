import NIOCore
import NIOHTTP1

/// A request whose body is still to come.
struct IncomingRequest {
    var whole: WholeRequest
    let limit: BodyLimit
    /// Undoes the body's content coding, where it has one.
    let decoder: ContentDecoder?

    /// Appends a piece of the body. Throws 413, or 400 where it cannot be decoded.
    mutating func append(_ piece: ByteBuffer) throws(Refusal) {
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
        try whole.ticket.receive(whole.body.readableBytes + (decoder == nil ? 0 : ContentDecoder.footprint))
    }

    /// The body is there.
    func finish() throws(Refusal) -> WholeRequest {
        try decoder?.finish()
        return whole
    }
}
