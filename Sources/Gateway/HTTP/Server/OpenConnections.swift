import NIOCore
import Synchronization

/// The connections of a server that are open, to be told of its end and waited for.
final class OpenConnections: Sendable {
    private enum Phase {
        case open, quiescing, closed
    }

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var phase = Phase.open
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Until it is closed. One that comes when the server ends hears so at once.
    func add(_ channel: any Channel) {
        let phase = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.phase
        }
        channel.closeFuture.whenComplete { [self] _ in remove(channel) }
        switch phase {
        case .open: break
        case .quiescing: Self.quiesce(channel)
        case .closed: channel.close(promise: nil)
        }
    }

    /// Tells all connections that they shall end when what is under way on them is over.
    func quiesce() {
        let channels = state.withLock { state in
            if state.phase == .open { state.phase = .quiescing }
            return Array(state.channels.values)
        }
        for channel in channels { Self.quiesce(channel) }
    }

    /// Closes all connections, whatever is under way on them.
    func close() {
        let channels = state.withLock { state in
            state.phase = .closed
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Returns when none is open.
    func untilEmpty() async {
        await withCheckedContinuation { waiter in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.waiters.append(waiter) }
                return state.channels.isEmpty
            }
            if isEmpty { waiter.resume() }
        }
    }

    private func remove(_ channel: any Channel) {
        let waiters = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [] as [CheckedContinuation<Void, Never>] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private static func quiesce(_ channel: any Channel) {
        channel.eventLoop.execute { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    }
}
