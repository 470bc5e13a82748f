import Logging
import Messaging
import Serving
import Wire

/// Takes gateways' requests from the messaging thread and sends the answers back.
final class RequestDesk: Sendable {
    private let server: ModelServer
    private let logger: Logger

    init(server: ModelServer, logger: Logger) {
        self.server = server
        self.logger = logger
    }

    func receive(_ message: Message, from peer: Peer, _ responder: Responder) {
        // Every answer is whole, and a cancellation comes here.
        responder.release()
        switch message.envelope.body {
        case .inferRequest(let request): submit(request, message, peer, responder)
        case .cancellation(let cancellation):
            server.cancel(InferenceID(connection: peer.connection, messageID: cancellation.messageID))
        case .probe: answer(.acknowledgement, to: peer, responder)
        default:
            answer(
                .failure(Failure(.invalidArgument, "an inference node answers inference requests only")), to: peer,
                responder)
        }
    }

    /// All that came with the last turn of the messaging thread is here.
    func settled() {
        server.runSubmitted()
    }

    private func submit(_ request: InferRequest, _ message: Message, _ peer: Peer, _ responder: Responder) {
        let id = InferenceID(connection: peer.connection, messageID: message.envelope.messageID)
        // From here on a point of this process's own time.
        let deadline = message.envelope.timeout.map { ContinuousClock.now + $0 }
        server.submitLater(request, frames: message.frames, id: id, deadline: deadline) { [self] result in
            switch result {
            case .success(let done):
                answer(.inferResponse(done.response), frames: done.frames, to: peer, responder)
            // Whoever took it back waits for no answer.
            case .failure(let failure) where failure.code == .cancelled: break
            case .failure(let failure): answer(.failure(failure), to: peer, responder)
            }
        }
    }

    private func answer(_ body: Envelope.Body, frames: [Frame] = [], to peer: Peer, _ responder: Responder) {
        do throws(MessagingError) {
            try responder.answer(body, frames: frames)
        } catch {
            refuse(peer, responder, error)
        }
    }

    /// Says why there is no answer: silence would keep the gateway waiting for it.
    private func refuse(_ peer: Peer, _ responder: Responder, _ error: MessagingError) {
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
            try responder.answer(.failure(failure))
        } catch {
            log(error, peer)
        }
    }

    private func log(_ error: MessagingError, _ peer: Peer) {
        logger.warning("an answer was not sent", metadata: ["gateway": "\(peer.name)", "reason": "\(error)"])
    }
}
