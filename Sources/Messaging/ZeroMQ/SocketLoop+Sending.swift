import Logging
import Synchronization
import CZeroMQ
import DequeModule
import Wire

extension SocketLoop {
    /// Hands a message to libzmq, or lets it wait for the link's connection.
    func send(_ outgoing: Outgoing, on channel: Channel) {
        guard channels[channel.id] != nil else {
            fail(outgoing.messageID, .closed)
            return
        }
        channel.unsettled = true
        if channel.isLink {
            guard channel.waiting.isEmpty, outgoing.send(on: channel.socket.pointer, routingID: nil) == 0 else {
                channel.waiting.append(outgoing)
                return
            }
        } else {
            let routingID = RoutingID(connection: outgoing.connection)
            let error = outgoing.send(on: channel.socket.pointer, routingID: routingID)
            guard error == 0 else {
                unreachable(outgoing, on: channel, ZeroMQError(number: error))
                return
            }
        }
        shared.statistics.sent(bytes: outgoing.byteCount)
    }

    /// Sends what waited for the connection, in order.
    func sendWaiting(on channel: Channel) {
        while let outgoing = channel.waiting.first {
            guard outgoing.send(on: channel.socket.pointer, routingID: nil) == 0 else { return }
            channel.waiting.removeFirst()
            shared.statistics.sent(bytes: outgoing.byteCount)
        }
    }

    /// The connection broke: what was asked over it will not be answered.
    func disconnected(_ channel: Channel) {
        let waiting = Set(channel.waiting.map(\.messageID))
        let lost = pending.removeAll { $0.destination.channel == channel.id && !waiting.contains($0.messageID) }
        for request in lost { request.completion.fail(.notConnected(peer: channel.name)) }
        channel.loseAsker()
        shared.logger.info("connection to \(channel.name) at \(channel.endpoint) lost, \(lost.count) requests failed")
    }

    /// Requests that ended before they were sent are not sent any more. Of the others those who were asked hear that
    /// nobody waits any more, where they want to.
    func giveUp(_ requests: [PendingRequests<Completion>.Request]) {
        let ended = Dictionary(grouping: requests, by: \.destination.channel)
        for (id, requests) in ended {
            guard let channel = channels[id] else { continue }
            var sent = Set(requests.lazy.filter(\.completion.isCancellable).map(\.messageID))
            if !channel.waiting.isEmpty {
                let messageIDs = Set(requests.map(\.messageID))
                for waiting in channel.waiting { sent.remove(waiting.messageID) }
                channel.waiting.removeAll { messageIDs.contains($0.messageID) }
            }
            for request in requests where sent.contains(request.messageID) { cancel(request, on: channel) }
        }
    }

    func cancel(_ request: PendingRequests<Completion>.Request, on channel: Channel) {
        tell(Envelope(.cancellation(Cancellation(messageID: request.messageID))), about: request, on: channel)
    }

    /// Sends whoever was asked what the messenger itself has to say of the request.
    func tell(_ envelope: Envelope, about request: PendingRequests<Completion>.Request, on channel: Channel) {
        let notice = Outgoing.notice(
            envelope, to: request.destination.connection, peer: request.completion.peer, limits: shared.limits)
        send(notice, on: channel)
    }

    private func unreachable(_ outgoing: Outgoing, on channel: Channel, _ error: ZeroMQError) {
        shared.statistics.dropped(.unreachable)
        log.warn("message not sent", "\(outgoing.peer) is no longer connected to \(channel.endpoint): \(error)")
        channel.peers[outgoing.connection] = nil
        channel.loseAsker(at: outgoing.connection)
        fail(outgoing.messageID, .notConnected(peer: outgoing.peer))
    }

    private func fail(_ messageID: UInt64, _ error: MessagingError) {
        pending.remove(messageID)?.completion.fail(error)
    }
}
