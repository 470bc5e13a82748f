import NIOCore
import NIOHTTP1

/// A streamed answer under way on its connection, from when its route gave it until its end is written. On the event loop.
final class StreamedAnswer {
    let stream: any AnswerStream
    let request: GatewayRequest
    var answer: Answer
    /// The head is written, and with it the status: what goes wrong from here on can only break off.
    var hasBegun = false
    /// The parts have sizes before them, and an end. To HTTP/1.0 the end of the connection is theirs.
    let isChunked: Bool
    /// Asks for the next part when it is time.
    var waiter: CheckedContinuation<Bool, Never>?
    /// Bytes that wait for the client, which has no room for more; nil while it has.
    var unsent: Int?
    /// What was written since the loop has looked at other connections, in bytes.
    var burst = 0
    /// What any part costs, in bytes that could be written meanwhile.
    static let cost = 1 << 10
    /// When this has taken too long.
    var deadline = NIODeadline.distantFuture

    init(_ stream: any AnswerStream, _ answer: Answer, for request: GatewayRequest) {
        self.stream = stream
        self.answer = answer
        self.request = request
        isChunked = request.head.version != .http1_0
    }

    var patience: Duration { hasBegun ? stream.patience.next : stream.patience.first }
}
