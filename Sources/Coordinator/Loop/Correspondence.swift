import ClusterProtocol
import ControlPlane
import Explanations
import Logging
import Messaging
import Synchronization
import Wire

/// The coordinator's way out: answers to those who asked, and orders to nodes. Used from any thread.
final class Correspondence: Sendable {
    private let listener = Mutex<(any Listener)?>(nil)
    private let logger: Logger
    private let complaints: Mutex<LogThrottle>

    init(logger: Logger) {
        self.logger = logger
        complaints = Mutex(LogThrottle(logger))
    }

    /// Messages that come in before this have no way back yet; whoever sent them asks again.
    func open(_ listener: any Listener) {
        self.listener.withLock { $0 = listener }
    }

    /// Where this coordinator is reached; empty before it listens.
    var endpoint: String { listener.withLock { $0?.endpoint } ?? "" }

    func close() {
        listener.withLock { $0.take() }?.close()
    }

    /// Answers a message, unless it was only told. A peer that has gone meanwhile asks again when it is back; one that
    /// is there learns why it does not get the answer.
    func answer(_ question: Envelope, from peer: Peer, with body: Envelope.Body, frames: [Frame] = []) {
        guard question.expectsAnswer else { return }
        do throws(MessagingError) {
            try send(Message(Envelope(body, correlationID: question.messageID), frames: frames), to: peer)
        } catch {
            notSent(error, to: question, from: peer)
        }
    }

    func answer(_ question: Envelope, from peer: Peer, with document: Document) {
        guard question.expectsAnswer else { return }
        do throws(MessagingError) {
            try send(Message(document, correlationID: question.messageID), to: peer)
        } catch {
            notSent(error, to: question, from: peer)
        }
    }

    func refuse(_ question: Envelope, from peer: Peer, _ failure: Failure) {
        answer(question, from: peer, with: .failure(failure))
    }

    private func send(_ message: Message, to peer: Peer) throws(MessagingError) {
        try listener.withLock { $0 }?.send(message, to: peer)
    }

    private func notSent(_ error: MessagingError, to question: Envelope, from peer: Peer) {
        let failure: Failure
        switch error {
        case .messageTooLarge(let bytes, let limit):
            failure = Failure(.internal, "the answer has \(bytes) bytes, and a message holds at most \(limit)")
        case .invalidMessage(let reason):
            failure = Failure(.internal, "the answer cannot be sent: \(reason)")
        case .notConnected, .closed, .timedOut, .backlogFull, .cannotBind, .cannotConnect, .cannotStart:
            // There is no way to say so: the peer is away, or takes nothing more for now.
            return complaints.withLock { $0.warn("answer not sent", "to \(peer.name): \(error)") }
        }
        logger.error("answer not sent", metadata: ["node": "\(peer.name)", "reason": "\(failure.message)"])
        // A failure of our own is short and always fits.
        do throws(MessagingError) {
            try send(Message(Envelope(.failure(failure), correlationID: question.messageID)), to: peer)
        } catch {
            complaints.withLock { $0.warn("answer not sent", "to \(peer.name): \(error)") }
        }
    }

    /// Delivers an order and waits until the peer has acknowledged it.
    func deliver(_ order: some ClusterMessage<Acknowledged>, to peer: Peer, timeout: Duration) async -> OrderOutcome {
        guard let listener = listener.withLock({ $0 }) else { return .unanswered("the coordinator is stopping") }
        do {
            try await listener.call(order, to: peer, timeout: timeout)
            return .acknowledged
        } catch let failure as Failure {
            return .refused(failure)
        } catch MessagingError.messageTooLarge(let bytes, let limit) {
            return .refused(
                Failure(.internal, "the order has \(bytes) bytes, and a message holds at most \(limit)"))
        } catch let error as EncodingError {
            return .refused(Failure(.internal, "the document cannot be written: \(error.explanation)"))
        } catch {
            return .unanswered(error.explanation)
        }
    }
}
