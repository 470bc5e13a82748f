import CZeroMQ

extension SocketLoop {
    func runTimers() {
        guard let next = nextTimer() else { return }
        let now = Time.monotonic
        guard next <= now else { return }
        let expired = pending.expireAll(at: now)
        giveUp(expired)
        for request in expired { request.completion.timedOut() }
        for channel in channels.values {
            if channel.reconnectTime <= now { reconnect(channel) }
            if channel.sweepTime <= now { channel.lookAfterStreams() }
        }
    }

    /// For `poll`: rounded up, -1 when there is nothing to wait for but events.
    func millisecondsToNextTimer() -> Int32 {
        guard let next = nextTimer() else { return -1 }
        let now = Time.monotonic
        return next <= now ? 0 : Int32(clamping: (next - now + 999_999) / 1_000_000)
    }

    /// When a link that is down now is connected from the start.
    var nextReconnectTime: UInt64 {
        Time.monotonic.saturatingAdd(shared.limits.reconnectInterval.nanoseconds)
    }

    private func nextTimer() -> UInt64? {
        let ofChannels = channels.values.lazy.map { min($0.reconnectTime, $0.sweepTime) }.min() ?? .max
        let next = min(pending.nextDeadline() ?? .max, ofChannels)
        return next == .max ? nil : next
    }

    private func reconnect(_ channel: Channel) {
        channel.reconnectTime = nextReconnectTime
        channel.unsettled = true
        zmq_disconnect(channel.socket.pointer, channel.endpoint)
        if zmq_connect(channel.socket.pointer, channel.endpoint) != 0 {
            log.warn("cannot reconnect", "\(channel.name) at \(channel.endpoint): \(ZeroMQError.current)")
        }
    }
}
