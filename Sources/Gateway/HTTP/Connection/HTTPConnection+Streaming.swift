import NIOCore
import NIOHTTP1
import Wire

/// Answers that are made while they are sent.
///
/// The task that answered the request goes on as a pump: it asks the source for a part whenever the connection has room for
/// one, on the same event loop, so that a part goes from its source to the socket without a further hop. What has not left
/// is thereby bounded by what the channel takes before it is full, and one part.
extension HTTPConnection {
    typealias Here = NIOLoopBound<(connection: HTTPConnection, context: ChannelHandlerContext)>

    static func pump(_ stream: any AnswerStream, into here: Here) async {
        while await hasRoom(for: stream, here) {
            let part: Result<ByteBuffer?, any Error>
            do {
                part = .success(try await stream.next())
            } catch {
                part = .failure(error)
            }
            on(here) { $0.take(part, of: stream, $1) }
        }
    }

    /// Waits until the client has taken enough to be sent more. False once no more is wanted.
    private static func hasRoom(for stream: any AnswerStream, _ here: Here) async -> Bool {
        await withCheckedContinuation { waiter in
            on(here) { $0.wait(waiter, forRoomFor: stream, $1) }
        }
    }

    private static func on(
        _ here: Here, _ body: @escaping @Sendable (HTTPConnection, ChannelHandlerContext) -> Void
    ) {
        let loop = here.eventLoop
        // As it is where the executor is the loop's.
        guard !loop.inEventLoop else { return body(here.value.connection, here.value.context) }
        loop.execute { body(here.value.connection, here.value.context) }
    }

    /// Its head is written with the first part: until then the answer may still become an error.
    func begin(
        _ stream: any AnswerStream, _ answer: Answer, for request: GatewayRequest, _ context: ChannelHandlerContext
    ) {
        guard case .answering = state else {
            stream.cancel()
            return abandon(request)
        }
        streamed = StreamedAnswer(stream, answer, for: request)
    }

    /// The channel has room again, or the loop has looked at other connections.
    func goOnStreaming(_ context: ChannelHandlerContext) {
        guard let streamed, let waiter = streamed.waiter else { return }
        streamed.waiter = nil
        wait(waiter, forRoomFor: streamed.stream, context)
    }

    private func wait(
        _ waiter: CheckedContinuation<Bool, Never>, forRoomFor stream: any AnswerStream,
        _ context: ChannelHandlerContext
    ) {
        guard let streamed, streamed.stream === stream else { return waiter.resume(returning: false) }
        guard context.channel.isWritable else { return stall(streamed, waiter, context) }
        if let unsent = streamed.unsent {
            ticket?.takeUp(unsent)
            streamed.unsent = nil
        }
        guard streamed.burst < Turns.bulkBytes else { return letOthersGo(streamed, waiter, context) }
        // The time of a source runs from when it is asked.
        limit(streamed, until: .now() + TimeAmount(streamed.patience), context)
        waiter.resume(returning: true)
    }

    /// The client has to take something first. Its time runs from here.
    private func stall(
        _ streamed: StreamedAnswer, _ waiter: CheckedContinuation<Bool, Never>, _ context: ChannelHandlerContext
    ) {
        streamed.waiter = waiter
        guard streamed.unsent == nil else { return }
        let unsent = unsentBytes(context)
        streamed.unsent = unsent
        ticket?.stall(unsent)
        limit(streamed, until: .now() + TimeAmount(limits.answerTimeout), context)
    }

    /// A source that always has a part, and a client that always takes it, would keep the loop for themselves.
    private func letOthersGo(
        _ streamed: StreamedAnswer, _ waiter: CheckedContinuation<Bool, Never>, _ context: ChannelHandlerContext
    ) {
        streamed.waiter = waiter
        streamed.burst = 0
        limit(streamed, until: .now() + TimeAmount(limits.answerTimeout), context)
        let here = NIOLoopBound((connection: self, context: context), eventLoop: context.eventLoop)
        executor.turns.whenLoopHasLooked { here.value.connection.goOnStreaming(here.value.context) }
    }

    /// What the source gave. Nothing where the answer has ended without it meanwhile.
    private func take(
        _ part: Result<ByteBuffer?, any Error>, of stream: any AnswerStream, _ context: ChannelHandlerContext
    ) {
        guard let streamed, streamed.stream === stream else { return }
        switch part {
        case .success(let part?):
            streamed.burst += StreamedAnswer.cost + part.readableBytes
            guard part.readableBytes > 0 else { return }
            writeHead(streamed, context)
            write(part, of: streamed, context)
            context.flush()
        case .success(nil): finish(streamed, context)
        case .failure(let error): breakOff(streamed, Refusal(error), context)
        }
    }

    private func finish(_ streamed: StreamedAnswer, _ context: ChannelHandlerContext) {
        writeHead(streamed, context)
        self.streamed = nil
        state = .sending
        limit(limits.answerTimeout, context)
        let end = ByteBuffer(string: streamed.isChunked ? "0\r\n\r\n" : "")
        context.writeAndFlush(wrapOutboundOut(end), promise: leaving(context))
        holdUnsent(context)
    }

    /// Ends an answer that cannot be ended well. Where some of it has left, the client is told by a last part, and by the end
    /// of the connection in place of the end of the chunks, so that nobody takes it for whole.
    private func breakOff(_ streamed: StreamedAnswer, _ refusal: Refusal, _ context: ChannelHandlerContext) {
        self.streamed = nil
        streamed.waiter?.resume(returning: false)
        guard streamed.hasBegun else {
            var answer = Answer(refusal)
            pipeline.send(&answer, for: streamed.request)
            return send(answer, to: streamed.request.head, context)
        }
        pipeline.breakOff(refusal, streamed.request)
        isLast = true
        state = .sending
        limit(farewell: limits.answerTimeout, context)
        if let part = streamed.stream.failurePart(refusal), part.readableBytes > 0 {
            write(part, of: streamed, context)
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: leaving(context))
        holdUnsent(context)
    }

    /// A source or a client takes too long, or the time of a shutdown is over.
    func streamIsLate(_ context: ChannelHandlerContext) {
        guard let streamed else { return close(context) }
        let isShutDown = shutdownEnd.map { .now() >= $0 } ?? false
        // A client that does not take what it was sent does not take a reason either.
        guard isShutDown || streamed.unsent == nil else { return close(context) }
        let refusal =
            isShutDown
            ? Refusal(
                .serviceUnavailable, "the gateway shuts down, and the answer was not complete: try again", retryAfter: 1
            )
            : Refusal(
                .gatewayTimeout,
                streamed.hasBegun
                    ? "the answer breaks off: nothing more of it came within \(streamed.patience)"
                    : "nothing of the answer came within \(streamed.patience)")
        cancel(streamed)
        breakOff(streamed, refusal, context)
    }

    /// The connection has ended.
    func abandonStream() {
        guard let streamed else { return }
        self.streamed = nil
        streamed.stream.cancel()
        streamed.waiter?.resume(returning: false)
        if streamed.hasBegun {
            pipeline.breakOff(Self.isGivenUp, streamed.request)
        } else {
            abandon(streamed.request)
        }
    }

    /// A time limit for the present step, which ends with the time of a shutdown at the latest.
    func limit(_ streamed: StreamedAnswer, until deadline: NIODeadline, _ context: ChannelHandlerContext) {
        streamed.deadline = deadline
        limit(until: shutdownEnd.map { min($0, deadline) } ?? deadline, context)
    }

    /// Nobody is there for an answer any more, which is counted like any other.
    private func abandon(_ request: GatewayRequest) {
        var answer = Answer(Self.isGivenUp)
        pipeline.send(&answer, for: request)
    }

    private static var isGivenUp: Refusal { Refusal(Failure(.cancelled, "the client left before the answer's end")) }

    private func cancel(_ streamed: StreamedAnswer) {
        switch state {
        case .answering(let task, _), .streaming(let task): task.cancel()
        case .idle, .receiving, .sending, .discarding, .leaving, .closed: break
        }
        streamed.stream.cancel()
    }

    private func writeHead(_ streamed: StreamedAnswer, _ context: ChannelHandlerContext) {
        guard !streamed.hasBegun, case .answering(let task, _) = state else { return }
        streamed.hasBegun = true
        state = .streaming(task)
        pipeline.send(&streamed.answer, for: streamed.request)
        isLast = isLast || streamed.answer.closesConnection || !streamed.isChunked || (isQuiescing && !isFollowed)
        context.write(wrapOutboundOut(streamed.answer.head(to: streamed.request.head, isLast: isLast)), promise: nil)
    }

    private func write(_ part: ByteBuffer, of streamed: StreamedAnswer, _ context: ChannelHandlerContext) {
        guard streamed.isChunked else { return context.write(wrapOutboundOut(part), promise: nil) }
        let size = ByteBuffer(string: String(part.readableBytes, radix: 16) + "\r\n")
        context.write(wrapOutboundOut(size), promise: nil)
        context.write(wrapOutboundOut(part), promise: nil)
        context.write(wrapOutboundOut(ByteBuffer(staticString: "\r\n")), promise: nil)
    }

    /// What is written and has not left is on the account, as that of any answer.
    private func holdUnsent(_ context: ChannelHandlerContext) {
        // Most has left by now.
        if case .sending = state { ticket?.send(unsentBytes(context) + inbound.readableBytes) }
    }

    private func unsentBytes(_ context: ChannelHandlerContext) -> Int {
        // Asked on the channel's own loop, of which every channel of NIO knows it.
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
