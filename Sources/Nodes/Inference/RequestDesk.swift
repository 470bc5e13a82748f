import Logging
import Messaging
import Serving
import Synchronization
import Wire

/// Takes gateways' requests from the messaging thread and sends the answers back.
final class RequestDesk: Sendable {
    private let server: ModelServer
    private let logger: Logger
    private let listener = Mutex<(any Listener)?>(nil)

    init(server: ModelServer, logger: Logger) {
        self.server = server
        self.logger = logger
    }

    func open(_ listener: any Listener) {
        self.listener.withLock { $0 = listener }
    }

    func receive(_ message: Message, from peer: Peer) {
        switch message.envelope.body {
        case .inferRequest(let request): submit(request, message, peer)
        case .cancellation(let cancellation):
            server.cancel(InferenceID(connection: peer.connection, messageID: cancellation.messageID))
        case .probe: answer(Message(.acknowledgement), to: message.envelope.messageID, from: peer)
        default:
            answer(
                Message(.failure(Failure(.invalidArgument, "an inference node answers inference requests only"))),
                to: message.envelope.messageID, from: peer)
        }
    }

    /// All that came with the last turn of the messaging thread is here.
    func settled() {
        server.runSubmitted()
    }

    private func submit(_ request: InferRequest, _ message: Message, _ peer: Peer) {
        let messageID = message.envelope.messageID
        let id = InferenceID(connection: peer.connection, messageID: messageID)
        // From here on a point of this process's own time.
        let deadline = message.envelope.timeout.map { ContinuousClock.now + $0 }
        server.submitLater(request, frames: message.frames, id: id, deadline: deadline) { [self] result in
            switch result {
            case .success(let done):
                answer(Message(.inferResponse(done.response), frames: done.frames), to: messageID, from: peer)
            // Whoever took it back waits for no answer.
            case .failure(let failure) where failure.code == .cancelled: break
            case .failure(let failure): answer(Message(.failure(failure)), to: messageID, from: peer)
            }
        }
    }

    private func answer(_ answer: Message, to messageID: UInt64, from peer: Peer) {
        var answer = answer
        answer.envelope.correlationID = messageID
        do throws(MessagingError) {
            try send(answer, to: peer)
        } catch {
            refuse(messageID, peer, error)
        }
    }

    /// Says why there is no answer: silence would keep the gateway waiting for it.
    private func refuse(_ messageID: UInt64, _ peer: Peer, _ error: MessagingError) {
        let failure: Failure
        switch error {
        case .messageTooLarge(let bytes, let limit):
            failure = Failure(
                .invalidArgument,
                """
                the answer is \(bytes) bytes, expected at most \(limit): send fewer rows at a time, or ask only for the \
                outputs that you need
                """)
        case .invalidMessage(let reason): failure = Failure(.internal, "the answer cannot be sent: \(reason)")
        case .backlogFull:
            failure = Failure(
                .queueFull, "answers to '\(peer.name)' wait on this node, as many as it may hold; try again")
        case .timedOut, .notConnected, .closed, .brokenStream, .cannotBind, .cannotConnect, .cannotStart:
            // Nobody is there to hear it.
            return log(error, peer)
        }
        do throws(MessagingError) {
            try send(Message(Envelope(.failure(failure), correlationID: messageID)), to: peer)
        } catch {
            log(error, peer)
        }
    }

    private func send(_ message: Message, to peer: Peer) throws(MessagingError) {
        try listener.withLock { $0 }?.send(message, to: peer)
    }

    private func log(_ error: MessagingError, _ peer: Peer) {
        logger.warning("an answer was not sent", metadata: ["gateway": "\(peer.name)", "reason": "\(error)"])
    }
}
