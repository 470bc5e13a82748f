import Synchronization
import CZeroMQ
import Wire

extension SocketLoop {
    private enum Incoming {
        case nothing
        /// Something that was counted and logged and is of no further use.
        case dropped
        case message(Message, byteCount: Int, from: Peer?)
    }

    /// Receives what `channel` has, up to the limit of a turn, and follows the state of a link's connection. Leaves
    /// the channel unsettled when there may be more.
    func settle(_ channel: Channel) {
        var left = shared.limits.receivedPerTurn
        defer {
            if left < shared.limits.receivedPerTurn, case .listener(_, let settled) = channel.kind { settled() }
        }
        while true {
            let events = channel.socket.events
            if channel.isLink, followConnection(of: channel, isUp: events & ZMQ_POLLOUT != 0) { continue }
            guard events & ZMQ_POLLIN != 0 else {
                channel.unsettled = false
                return
            }
            while true {
                guard left > 0 else { return }
                left -= 1
                switch receive(from: channel) {
                case .nothing: break
                case .dropped: continue
                case .message(let message, let byteCount, let peer):
                    deliver(message, byteCount: byteCount, from: peer, on: channel)
                    continue
                }
                break
            }
        }
    }

    /// True when messages were sent, after which the events have to be asked for again.
    private func followConnection(of channel: Channel, isUp: Bool) -> Bool {
        let wasUp = channel.isConnected.exchange(isUp, ordering: .relaxed)
        channel.reconnectTime = isUp ? .max : min(channel.reconnectTime, nextReconnectTime)
        if wasUp, !isUp { disconnected(channel) }
        guard isUp, !channel.waiting.isEmpty else { return false }
        let count = channel.waiting.count
        sendWaiting(on: channel)
        return channel.waiting.count < count
    }

    private func deliver(_ message: Message, byteCount: Int, from peer: Peer?, on channel: Channel) {
        let connection = peer.map { Channel.connection(of: $0) } ?? 0
        if message.envelope.correlationID != 0 {
            answer(message, byteCount: byteCount, from: peer, connection, on: channel)
            return
        }
        guard !channel.takes(message.envelope.body, from: connection),
            let responder = channel.responder(
                to: message.envelope, from: connection, peer: peer?.name ?? channel.name)
        else { return }
        switch (channel.kind, peer) {
        case (.link(let handler), nil): handler(message, responder)
        case (.listener(let handler, _), let peer?): handler(peer, message, responder)
        default: preconditionFailure("a listener's messages have a peer, a link's have none")
        }
    }

    private func answer(
        _ message: Message, byteCount: Int, from peer: Peer?, _ connection: UInt32, on channel: Channel
    ) {
        let messageID = message.envelope.correlationID
        guard let request = pending.answer(to: messageID, from: .init(channel: channel.id, connection: connection))
        else {
            if message.envelope.mayComeLate {
                shared.statistics.dropped(.lateAnswer)
            } else {
                drop(.lateAnswer, from: peer, on: channel, "answers request \(messageID), which does not wait")
            }
            return
        }
        switch request.completion.waiter {
        case .answer(let continuation): Completion.succeed(continuation, with: message)
        case .stream(let buffer): receive(message, byteCount: byteCount, of: request, into: buffer, on: channel)
        }
    }

    /// Takes what came of a stream, which goes on waiting unless that was the end.
    private func receive(
        _ message: Message, byteCount: Int, of request: PendingRequests<Completion>.Request,
        into buffer: StreamBuffer, on channel: Channel
    ) {
        let now = Time.monotonic
        let (progress, grant) = buffer.receive(message, byteCount: byteCount, at: now)
        switch progress {
        case .over: return
        case .broken: cancel(request, on: channel)
        case .open:
            let deadline = buffer.deadline(at: now)
            if deadline < request.deadline {
                pending.wait(on: request, until: deadline)
            } else {
                pending.putBack(request)
            }
            if let grant {
                tell(
                    Envelope(.creditGrant(CreditGrant(messageID: request.messageID, credit: grant))), about: request,
                    on: channel)
            }
        }
    }

    /// Receives one message and decodes it.
    private func receive(from channel: Channel) -> Incoming {
        let socket = channel.socket.pointer
        var routingID: RoutingID?
        if !channel.isLink {
            guard parts.routingID.receive(from: socket) else { return .nothing }
            routingID = RoutingID(parts.routingID.bytes)
            guard parts.routingID.hasMore else {
                drop(.malformed, from: nil, on: channel, "without an envelope")
                return .dropped
            }
        }
        guard parts.envelope.receive(from: socket) else { return .nothing }
        let payload = receivePayload(from: socket)

        var peer: Peer?
        if !channel.isLink {
            peer = routingID.flatMap { self.peer(of: $0, on: channel) }
            guard peer != nil else {
                drop(.unattributed, from: nil, on: channel, "from a connection without an admitted name")
                return .dropped
            }
        }
        switch payload {
        case .frames(let frames, let byteCount):
            return decode(frames, byteCount: byteCount, from: peer, on: channel)
        case .refused(let reason, let what):
            drop(reason, from: peer, on: channel, what)
            reject(from: peer, on: channel, what, isVersion: false)
            return .dropped
        }
    }

    private func decode(_ frames: [Frame], byteCount: Int, from peer: Peer?, on channel: Channel) -> Incoming {
        do throws(WireError) {
            let envelope = try Envelope(decoding: parts.envelope.bytes)
            shared.statistics.received(bytes: byteCount)
            return .message(Message(envelope, frames: frames), byteCount: byteCount, from: peer)
        } catch {
            drop(MessagingStatistics.Drop(error), from: peer, on: channel, error.description)
            reject(from: peer, on: channel, error.description, isVersion: error.isVersion)
            return .dropped
        }
    }

    func drop(
        _ reason: MessagingStatistics.Drop, from peer: Peer?, on channel: Channel, _ what: @autoclosure () -> String
    ) {
        shared.statistics.dropped(reason)
        let sender = channel.isLink ? channel.name : peer?.name ?? "an unknown peer"
        log.warn("message dropped (\(reason.rawValue))", "from \(sender) at \(channel.endpoint): \(what())")
    }
}
