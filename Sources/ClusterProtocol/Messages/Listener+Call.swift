package import Messaging
package import Wire

extension Listener {
    /// Asks a peer that is connected, as `Link.call` asks the other side.
    @discardableResult
    package func call<M: ClusterMessage>(_ message: M, to peer: Peer, timeout: Duration) async throws -> M.Answer {
        try M.Answer(try await request(Message(message), to: peer, timeout: timeout), answering: M.kind)
    }
}
