import CZeroMQ
import Wire

extension SocketLoop {
    private static let cachedPeers = 4096

    /// Who sent the envelope just received: the name that authentication gave the connection's key, which libzmq
    /// attaches to every message of the connection.
    func peer(of routingID: RoutingID, on channel: Channel) -> Peer? {
        guard let userID = zmq_msg_gets(parts.envelope, "User-Id") else { return nil }
        if let known = channel.peers[routingID.connection], known.name.isEqual(to: userID) { return known }
        let name = String(cString: userID)
        guard let role = shared.authentication.role(of: name) else { return nil }
        let peer = Peer(name: name, role: role, connection: channel.peerConnection(routingID.connection))
        if channel.peers.count == Self.cachedPeers { channel.peers = [:] }
        channel.peers[routingID.connection] = peer
        return peer
    }

    /// Does what can be done for those who wait because of an envelope that is of no use.
    func reject(from peer: Peer?, on channel: Channel, _ reason: String, isVersion: Bool) {
        let connection = peer.map { Channel.connection(of: $0) } ?? 0
        switch Rejection(of: parts.envelope.bytes, reason: reason, isVersion: isVersion) {
        case nil: break
        case .answer(let answer):
            // A peer whose backlog is full does not get this either; that is counted.
            try? shared.send(Message(answer), on: channel, connection: connection, peer: peer?.name ?? channel.name)
        case .failed(let messageID, let failure):
            let sender = ConnectionKey(channel: channel.id, connection: connection)
            guard let request = pending.answer(to: messageID, from: sender) else { return }
            request.completion.end(with: failure)
            // Of a stream more would come.
            if request.completion.isStream { cancel(request, on: channel) }
        }
    }
}

extension Channel {
    /// A connection's number in `Peer`: unique in the whole messenger, so that a peer of one listener cannot be taken
    /// for a peer of another.
    func peerConnection(_ connection: UInt32) -> UInt64 {
        id << 32 | UInt64(connection)
    }

    static func connection(of peer: Peer) -> UInt32 {
        UInt32(truncatingIfNeeded: peer.connection)
    }

    func isPeer(_ peer: Peer) -> Bool {
        peer.connection >> 32 == id
    }
}

extension String {
    /// Compares with a C string without making one.
    fileprivate func isEqual(to text: UnsafePointer<CChar>) -> Bool {
        var position = text
        for byte in utf8 {
            guard UInt8(bitPattern: position.pointee) == byte else { return false }
            position += 1
        }
        return position.pointee == 0
    }
}
