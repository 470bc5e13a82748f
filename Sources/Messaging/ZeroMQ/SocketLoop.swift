import Synchronization
import CZeroMQ
import DequeModule
import Foundation
import Wire

/// What the messaging thread runs: commands in, messages in and out, deadlines. The only user of every socket.
///
/// libzmq's descriptors are edge-triggered: one that was readable may stay silent although a message waits, if any
/// call on its socket has seen the change in between. So the loop keeps one rule: before it sleeps it has asked every
/// socket that was touched for its events, after the last other call on it, and there were none.
final class SocketLoop {
    let shared: MessagingThread
    var channels: [UInt64: Channel] = [:]
    var pending = PendingRequests<Completion>()
    var log: LogThrottle
    let parts = ScratchParts()

    private var authenticationSocket: AuthenticationSocket
    private var commands: Deque<Command> = []
    private var polled: [pollfd] = []
    private var polledChannels: [Channel] = []

    init(_ shared: MessagingThread) throws(MessagingError) {
        self.shared = shared
        log = LogThrottle(shared.logger)
        authenticationSocket = try AuthenticationSocket(shared.context)
        listDescriptors()
    }

    /// Runs until the mailbox is closed and empty.
    func run() {
        var askedForAuthentication = true
        while true {
            let closed = shared.mailbox.take(into: &commands)
            if closed, commands.isEmpty { break }
            while let command = commands.popFirst() { execute(command) }
            if askedForAuthentication {
                authenticationSocket.answer(shared.authentication) { refused($0) }
            }
            for channel in polledChannels where channel.unsettled { settle(channel) }
            runTimers()
            askedForAuthentication = poll(mayBlock: !polledChannels.contains(where: \.unsettled))
        }
        finish()
    }

    private func execute(_ command: Command) {
        switch command {
        case .open(let channel):
            channels[channel.id] = channel
            if channel.isLink { channel.reconnectTime = nextReconnectTime }
            listDescriptors()
        case .close(let channel): close(channel)
        case .send(let channel, let outgoing): send(outgoing, on: channel)
        case .request(let channel, let outgoing, let request):
            pending.insert(request)
            send(outgoing, on: channel)
        case .cancel(let messageID):
            guard let request = pending.remove(messageID) else { return }
            giveUp([request])
            request.completion.end(with: CancellationError())
        }
    }

    /// Waits until something happens, or only looks when `mayBlock` is false. True when libzmq asks about a connection.
    private func poll(mayBlock: Bool) -> Bool {
        var timeout: Int32 = 0
        if mayBlock, shared.mailbox.prepareToSleep() { timeout = millisecondsToNextTimer() }
        let count = Foundation.poll(&polled, nfds_t(polled.count), timeout)
        guard count > 0 else { return false }
        if polled[0].revents != 0 { shared.mailbox.clearWake() }
        for (index, channel) in polledChannels.enumerated() where polled[index + 2].revents != 0 {
            channel.unsettled = true
        }
        return polled[1].revents != 0
    }

    private func listDescriptors() {
        polledChannels = Array(channels.values)
        let descriptors =
            [shared.mailbox.descriptor, authenticationSocket.descriptor] + polledChannels.map(\.descriptor)
        polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    private func close(_ channel: Channel) {
        guard channels[channel.id] != nil else { return }
        let requests = pending.removeAll { $0.destination.channel == channel.id }
        giveUp(requests)
        channels[channel.id] = nil
        channel.isConnected.store(false, ordering: .relaxed)
        channel.socket.close()
        channel.waiting = []
        channel.peers = [:]
        listDescriptors()
        for request in requests { request.completion.fail(.closed) }
        channel.loseAsker()
    }

    private func finish() {
        for channel in polledChannels {
            channel.isOpen.store(false, ordering: .relaxed)
            close(channel)
        }
        authenticationSocket.close()
        shared.context.terminate()
    }

    private func refused(_ reason: String) {
        shared.statistics.refusedPeer()
        log.warn("peer refused", reason)
    }
}
