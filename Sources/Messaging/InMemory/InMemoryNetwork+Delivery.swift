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
        if message.envelope.correlationID != 0 { return answer(message, packet, receiver) }
        let connection = receiver.key(of: packet).connection
        guard !receiver.carrier.takes(message.envelope.body, from: connection),
            let responder = receiver.carrier.responder(to: message.envelope, from: connection, peer: receiver.sender)
        else { return }
        switch receiver {
        case .link(let link): link.handler(message, responder)
        case .listener(let listener, let peer): listener.handler(peer, message, responder)
        }
    }

    private func answer(_ message: Message, _ packet: InMemoryPacket, _ receiver: InMemoryReceiver) {
        let (node, key) = (receiver.node, receiver.key(of: packet))
        let messageID = message.envelope.correlationID
        let request = node.waiting(messageID, for: key)
        if case .stream(let buffer) = request?.completion.waiter {
            receive(message, packet, receiver, into: buffer)
        } else if case .answer(let continuation) = node.takeAnswered(messageID, by: key)?.completion.waiter {
            Completion.succeed(continuation, with: message)
        } else {
            node.statistics.dropped(.lateAnswer)
        }
    }

    /// Takes what came of a stream, which goes on waiting unless that was the end.
    private func receive(
        _ message: Message, _ packet: InMemoryPacket, _ receiver: InMemoryReceiver, into buffer: StreamBuffer
    ) {
        let (node, now) = (receiver.node, self.now)
        let messageID = message.envelope.correlationID
        let (progress, grant) = buffer.receive(message, byteCount: packet.outgoing.byteCount, at: now)
        switch progress {
        case .over: _ = node.take(messageID)
        case .broken:
            if let request = node.take(messageID) { giveUp([request], of: node) }
        case .open:
            node.hasten(messageID, to: buffer.deadline(at: now))
            node.startTimer(on: self)
            if let grant {
                receiver.carrier.tell(
                    Envelope(.creditGrant(CreditGrant(messageID: messageID, credit: grant))),
                    to: receiver.key(of: packet).connection, peer: receiver.sender)
            }
        }
    }

    private func reject(_ packet: InMemoryPacket, _ receiver: InMemoryReceiver, _ error: WireError) {
        let rejection = packet.outgoing.envelope.withUnsafeBytes {
            Rejection(of: $0, reason: error.description, isVersion: error.isVersion)
        }
        switch rejection {
        case nil: break
        case .failed(let messageID, let failure):
            guard let request = receiver.node.takeAnswered(messageID, by: receiver.key(of: packet)) else { return }
            request.completion.end(with: failure)
            // Of a stream more would come.
            if request.completion.isStream { giveUp([request], of: receiver.node) }
        case .answer(let envelope):
            let answer = Outgoing.notice(
                envelope, to: packet.connection, peer: receiver.sender, limits: receiver.node.limits)
            let back: InMemoryPacket.Direction = packet.direction == .toLink ? .toListener : .toLink
            state.withLock { state in
                let packet = InMemoryPacket(
                    link: packet.link, connection: packet.connection, direction: back, outgoing: answer)
                state.transmit(packet, self)
            }
        }
    }
}
