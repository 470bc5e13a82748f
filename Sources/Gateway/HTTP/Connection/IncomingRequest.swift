import NIOCore
import NIOHTTP1

/// A request whose body is still to come. One object, so that the body has one owner and grows in place: to copy all that
/// is there for every piece that comes would take longer than all else.
final class IncomingRequest {
    private(set) var request: GatewayRequest
    /// Undoes the body's content coding, where it has one.
    private let decoder: ContentDecoder?

    init(_ request: GatewayRequest) {
        self.request = request
        decoder = request.coding.map { ContentDecoder($0, limit: request.bodyLimit) }
    }

    /// Appends a piece of the body. Throws 413, or 400 where it cannot be decoded.
    func append(_ piece: ByteBuffer) throws(Refusal) {
        if let decoder {
            try decoder.decode(piece, into: &request.body)
        } else if request.body.readableBytes == 0 {
            request.body = piece
        } else {
            var piece = piece
            request.body.writeBuffer(&piece)
        }
        let limit = request.bodyLimit
        guard request.body.readableBytes <= limit.bytes else { throw limit.exceeded("is longer") }
    }

    /// More is to come: what has come so far is held until then, and counts. Throws 429.
    func wait() throws(Refusal) {
        request.body.fit()
        try request.ticket.receive(request.body.readableBytes + (decoder == nil ? 0 : ContentDecoder.footprint))
    }

    /// The body is there.
    func finish() throws(Refusal) -> GatewayRequest {
        try decoder?.finish()
        return request
    }
}
