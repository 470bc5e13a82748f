import Messaging
import Serving
import Synchronization
import Wire

/// Takes gateways' requests from the messaging thread and sends the answers back.
final class RequestDesk: Sendable {
    private let server: ModelServer
    private let listener = Mutex<(any Listener)?>(nil)

    init(server: ModelServer) {
        self.server = server
    }

    func open(_ listener: any Listener) {
        self.listener.withLock { $0 = listener }
    }

    func receive(_ message: Message, from peer: Peer) {
        guard case .inferRequest(let request) = message.envelope.body else {
            return answer(
                Message(.failure(Failure(.invalidArgument, "an inference node answers inference requests only"))),
                to: message, from: peer)
        }
        server.submitLater(request, frames: message.frames, deadline: message.envelope.deadline) { [self] result in
            switch result {
            case .success(let done):
                answer(Message(.inferResponse(done.response), frames: done.frames), to: message, from: peer)
            case .failure(let failure):
                answer(Message(.failure(failure)), to: message, from: peer)
            }
        }
    }

    /// All that came with the last turn of the messaging thread is here.
    func settled() {
        server.runSubmitted()
    }

    private func answer(_ answer: Message, to request: Message, from peer: Peer) {
        var answer = answer
        answer.envelope.correlationID = request.envelope.messageID
        let listener = listener.withLock { $0 }
        // A gateway that is gone, or that takes no answers, will not miss this one: its own deadline ends the request.
        try? listener?.send(answer, to: peer)
    }
}
