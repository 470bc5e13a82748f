import Synchronization
import Wire

extension InMemoryNetwork {
    /// Sends over a link, now or when its connection comes up.
    func send(_ outgoing: Outgoing, link id: UInt64) throws(MessagingError) {
        let isOpen = state.withLock { state in
            guard let link = state.links[id] else { return false }
            if let connection = link.connection {
                let packet = InMemoryPacket(
                    link: id, connection: connection, direction: .toListener, outgoing: outgoing)
                state.transmit(packet, self)
            } else {
                state.links[id]?.waiting.append(outgoing)
            }
            return true
        }
        guard isOpen else { throw .closed }
    }

    /// Sends to a listener's peer. False when its connection is gone.
    func send(_ outgoing: Outgoing, connection: UInt32) -> Bool {
        state.withLock { state in
            guard let link = state.connections[connection]?.link else { return false }
            let packet = InMemoryPacket(link: link, connection: connection, direction: .toLink, outgoing: outgoing)
            state.transmit(packet, self)
            return true
        }
    }

    /// Hands a message to its receiver, unless the connection has broken meanwhile.
    func arrive(_ packet: InMemoryPacket) {
        guard let receiver = state.withLock({ $0.receiver(of: packet) }) else { return }
        let node = receiver.node
        let message: Message
        do throws(WireError) {
            message = try packet.outgoing.decoded()
        } catch {
            node.statistics.dropped(MessagingStatistics.Drop(error))
            reject(packet, receiver, error)
            return
        }
        node.statistics.received(bytes: packet.outgoing.byteCount)
        if message.envelope.correlationID != 0 {
            guard let completion = takeAnswered(message.envelope.correlationID, packet, receiver) else {
                node.statistics.dropped(.lateAnswer)
                return
            }
            completion.succeed(with: message)
            return
        }
        switch receiver {
        case .link(let link): link.handler(message)
        case .listener(let listener, let peer): listener.handler(peer, message)
        }
    }

    private func reject(_ packet: InMemoryPacket, _ receiver: InMemoryReceiver, _ error: WireError) {
        let rejection = packet.outgoing.envelope.withUnsafeBytes {
            Rejection(of: $0, reason: error.description, isVersion: error.isVersion)
        }
        switch rejection {
        case nil: break
        case .failed(let messageID, let failure):
            takeAnswered(messageID, packet, receiver)?.continuation.resume(throwing: failure)
        case .answer(let envelope):
            let answer = receiver.node.notice(envelope, to: receiver.sender, connection: packet.connection)
            let back: InMemoryPacket.Direction = packet.direction == .toLink ? .toListener : .toLink
            state.withLock { state in
                let packet = InMemoryPacket(
                    link: packet.link, connection: packet.connection, direction: back, outgoing: answer)
                state.transmit(packet, self)
            }
        }
    }

    private func takeAnswered(
        _ messageID: UInt64, _ packet: InMemoryPacket, _ receiver: InMemoryReceiver
    ) -> Completion? {
        switch receiver {
        case .link(let link):
            link.node.takeAnswered(messageID, by: .init(channel: packet.link, connection: 0))
        case .listener(let listener, _):
            listener.node.takeAnswered(messageID, by: .init(channel: listener.id, connection: packet.connection))
        }
    }
}
