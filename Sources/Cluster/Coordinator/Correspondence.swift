import Explanations
import Logging
import Messaging
import Synchronization
import Wire

/// The coordinator's way out: answers to those who asked, and orders to nodes. Used from any thread.
final class Correspondence: Sendable {
    private let listener = Mutex<(any Listener)?>(nil)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
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

    /// Answers a message. A peer that has gone meanwhile asks again when it is back, so that is no error.
    func answer(_ question: Envelope, from peer: Peer, with body: Envelope.Body, frames: [Frame] = []) {
        let message = Message(Envelope(body, correlationID: question.messageID), frames: frames)
        do throws(MessagingError) {
            try listener.withLock { $0 }?.send(message, to: peer)
        } catch {
            logger.debug("answer not sent", metadata: ["node": "\(peer.name)", "reason": "\(error.explanation)"])
        }
    }

    func refuse(_ question: Envelope, from peer: Peer, _ failure: Failure) {
        answer(question, from: peer, with: .failure(failure))
    }

    /// Delivers a document and waits until the peer has acknowledged it.
    func deliver(_ document: Document, to peer: Peer, timeout: Duration) async -> OrderOutcome {
        guard let listener = listener.withLock({ $0 }) else { return .unanswered("the coordinator is stopping") }
        do {
            _ = try await listener.request(Message(.document(document)), to: peer, timeout: timeout)
            return .acknowledged
        } catch let failure as Failure {
            return .refused(failure.message)
        } catch {
            return .unanswered(error.explanation)
        }
    }
}
