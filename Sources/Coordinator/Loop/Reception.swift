import Logging
import Messaging
import Synchronization
import Wire

/// Takes messages over from the messaging thread, on which nothing may take time: pieces of files go to the vault's
/// threads, everything else to the control loop. What does not fit into a queue is refused at once.
final class Reception: Sendable {
    private let inbox: ControlLoop.Inbox
    private let vault: Vault
    private let correspondence: Correspondence
    private let complaints: Mutex<LogThrottle>

    init(inbox: ControlLoop.Inbox, vault: Vault, correspondence: Correspondence, logger: Logger) {
        self.inbox = inbox
        self.vault = vault
        self.correspondence = correspondence
        complaints = Mutex(LogThrottle(logger))
    }

    func take(_ message: Message, from peer: Peer) {
        let envelope = message.envelope
        switch envelope.body {
        case .chunkRequest(let request):
            vault.read(request) { [correspondence] result in
                switch result {
                case .success((let chunk, let frame)):
                    correspondence.answer(envelope, from: peer, with: .chunk(chunk), frames: [frame])
                case .failure(let failure): correspondence.refuse(envelope, from: peer, failure)
                }
            }
        case .chunkUpload(let piece):
            guard peer.role == .worker, message.frames.count == 1, let frame = message.frames.first else {
                correspondence.refuse(
                    envelope, from: peer,
                    Failure(.invalidArgument, "an upload is one frame from a worker, got \(message.frames.count)"))
                return
            }
            vault.write(piece, frame, from: peer.name) { [correspondence] result in
                switch result {
                case .success: correspondence.answer(envelope, from: peer, with: .acknowledgement)
                case .failure(let failure): correspondence.refuse(envelope, from: peer, failure)
                }
            }
        case let body:
            guard let lane = ControlLane(of: body, from: peer) else {
                correspondence.refuse(
                    envelope, from: peer,
                    Failure(.invalidArgument, "the coordinator takes no message of this kind"))
                return
            }
            if !inbox.offer(.message(peer, message), in: lane, from: peer.name) {
                guard !inbox.isClosed else {
                    correspondence.refuse(
                        envelope, from: peer, Failure(.unavailable, "the coordinator shuts down; try again"))
                    return
                }
                complaints.withLock {
                    $0.warn("message refused, too many wait", "from \(peer.name), in the lane '\(lane.rawValue)'")
                }
                correspondence.refuse(
                    envelope, from: peer,
                    Failure(.queueFull, "too many messages of '\(peer.name)' wait for the coordinator; try again"))
            }
        }
    }
}
