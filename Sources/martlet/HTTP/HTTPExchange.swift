import Explanations
import NIOCore
import NIOHTTP1

/// Sends one request once its connection is open, and collects the one answer.
///
/// A server may answer and close before it has taken the whole request: it knows enough after the head of a GET, or
/// refuses a body that is too long. So a write that fails is no failure. What ends the exchange is the end of the
/// answer, or the end of the connection without one.
final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let body: [UInt8]
    /// Most bytes of the answer's body.
    private let limit: Int
    private let answer: EventLoopPromise<HTTPClient.Response>
    private var response: HTTPClient.Response?
    /// What went wrong with the connection; of no interest if the answer came all the same.
    private var failure: (any Error)?

    init(
        _ request: HTTPClient.Request, to target: HTTPClient.Target, limit: Int,
        answer: EventLoopPromise<HTTPClient.Response>
    ) {
        var headers = HTTPHeaders(request.headers)
        headers.add(name: "host", value: target.address)
        if request.method == .post { headers.add(name: "content-length", value: String(request.body.count)) }
        headers.add(name: "connection", value: "close")
        head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: target.path,
            headers: headers)
        body = request.body
        self.limit = limit
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            response = HTTPClient.Response(status: Int(head.status.code), headers: head.headers, body: [])
        case .body(let bytes):
            response?.body.append(contentsOf: bytes.readableBytesView)
            if let count = response?.body.count, count > limit {
                answer.fail(HTTPFailure(.tooLong, "the answer is longer than \(limit) bytes"))
                context.close(promise: nil)
            }
        case .end:
            if let response { answer.succeed(response) }
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let reason = failure.map { ": \($0.explanation)" } ?? ""
        answer.fail(HTTPFailure(.cut, "the connection was closed before the answer was complete\(reason)"))
        context.fireChannelInactive()
    }
}
