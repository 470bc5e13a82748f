import ClusterProtocol
import ControlPlane
import Messaging
import Wire

/// What the control loop does with the messages that come to it: one handler for each type, which gets the message read
/// and checked, and from whom the keyring lets it come.
struct LoopHandlers: Sendable {
    private typealias Handler = @Sendable (ControlLoop, Document, Peer, RequestID) async throws(Failure) -> Void

    /// In the order in which they were added: one that is added twice is here twice.
    private(set) var types: [any ClusterMessage.Type] = []
    private var handlers: [MessageKind: (sender: Role, handle: Handler)] = [:]

    init(_ add: (inout Self) -> Void) {
        add(&self)
    }

    /// The message is an event of the control plane, which answers it.
    mutating func event<M: ClusterMessage>(
        _ type: M.Type, _ event: @escaping @Sendable (Asked<M>) -> Event
    ) {
        work(type) { loop, asked throws(Failure) in await loop.apply(event(asked)) }
    }

    /// The message is answered at once by what is known.
    mutating func query<M: ClusterMessage>(
        _ type: M.Type, _ answer: @escaping @Sendable (ControlLoop, Asked<M>) async throws(Failure) -> M.Answer
    ) {
        work(type) { loop, asked throws(Failure) in
            loop.reply(to: asked.request, M.kind, try await answer(loop, asked))
        }
    }

    /// The message asks for work that answers it when it has come to its end.
    mutating func work<M: ClusterMessage>(
        _: M.Type, _ work: @escaping @Sendable (ControlLoop, Asked<M>) async throws(Failure) -> Void
    ) {
        types.append(M.self)
        let handle: Handler = { loop, document, peer, request throws(Failure) in
            try await work(loop, Asked(message: document.decode(M.self), peer: peer, request: request))
        }
        handlers[M.kind] = (M.path.sender, handle)
    }

    /// Throws why the document is not used. What comes of one that is, is answered by its request.
    func take(
        _ document: Document, from peer: Peer, request: RequestID, in loop: ControlLoop
    ) async throws(Failure) {
        guard let kind = MessageKind(rawValue: document.kind), let (sender, handle) = handlers[kind],
            sender == peer.role
        else { throw Self.unexpected(document, from: peer) }
        try await handle(loop, document, peer, request)
    }

    private static func unexpected(_ document: Document, from peer: Peer) -> Failure {
        if document.kind.hasPrefix(MessageKind.callPrefix), peer.role != .operator {
            return Failure(
                .permissionDenied, "'\(document.kind)' is for operators, '\(peer.name)' is \(peer.role.rawValue)")
        }
        return Failure(.invalidArgument, "the coordinator takes no '\(document.kind)' from role \(peer.role.rawValue)")
    }
}
