import Messaging
import Synchronization
import Testing
import Wire

/// Gives a handler the listener that it belongs to, which exists only after the handler.
final class LateListener: Sendable {
    private let listener = Mutex<(any Listener)?>(nil)

    func set(_ listener: any Listener) {
        self.listener.withLock { $0 = listener }
    }

    func send(_ message: Message, to peer: Peer) {
        do {
            try listener.withLock { $0 }?.send(message, to: peer)
        } catch {
            Issue.record(error)
        }
    }
}

/// The same for a link.
final class LateLink: Sendable {
    private let link = Mutex<(any Link)?>(nil)

    func set(_ link: any Link) {
        self.link.withLock { $0 = link }
    }

    func send(_ message: Message) {
        do {
            try link.withLock { $0 }?.send(message)
        } catch {
            Issue.record(error)
        }
    }
}
