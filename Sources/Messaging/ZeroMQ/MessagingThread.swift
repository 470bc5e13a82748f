import CZeroMQ
import Foundation
import Logging
import Synchronization
import Threads
import Wire

/// The one thread that owns a process's sockets, as seen by those who ask things of it.
final class MessagingThread: Sendable {
    private struct Ending {
        var finished = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let limits: MessagingLimits
    let logger: Logger
    let context: Context
    let mailbox: Mailbox<Command>
    let authentication: ConnectionAuthentication
    let statistics = StatisticsCounter()
    private let messageIDs = Atomic<UInt64>(0)
    private let channelIDs = Atomic<UInt64>(0)
    private let ending = Mutex(Ending())

    init(keyring: Keyring, limits: MessagingLimits, logger: Logger) throws(MessagingError) {
        self.limits = limits
        self.logger = logger
        authentication = ConnectionAuthentication(keyring: keyring)
        mailbox = try Mailbox(limit: limits.mailbox)
        context = try Context(threads: limits.encryptionThreads)
        if let bytes = limits.retainedBytes { Self.retain(bytes) }
    }

    /// For the whole process. Setting one bound ends the C library's own adaptation of both.
    private static func retain(_ bytes: Int) {
        mallopt(M_TRIM_THRESHOLD, Int32(clamping: bytes))
        mallopt(M_MMAP_THRESHOLD, Int32(clamping: bytes / 4))
    }

    /// Starts the thread; it runs until `stop`.
    func start() throws(MessagingError) {
        let loop = try SocketLoop(self)
        nonisolated(unsafe) let handedOver = loop
        do throws(NamedThread.Refusal) {
            try NamedThread.start("messaging") {
                handedOver.run()
                self.finished()
            }
        } catch {
            throw .cannotStart(reason: error.description)
        }
    }

    /// Lets the thread end. What was posted before is still done.
    func stop() {
        mailbox.close()
    }

    /// Returns when the thread has ended and every socket is closed.
    func ended() async {
        await withCheckedContinuation { continuation in
            let finished = ending.withLock { ending in
                if !ending.finished { ending.waiters.append(continuation) }
                return ending.finished
            }
            if finished { continuation.resume() }
        }
    }

    private func finished() {
        let waiters = ending.withLock { ending in
            defer { ending.waiters = [] }
            ending.finished = true
            return ending.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func nextChannelID() -> UInt64 {
        channelIDs.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func nextMessageID() -> UInt64 {
        messageIDs.wrappingAdd(1, ordering: .relaxed).newValue
    }

    func open(_ channel: Channel) throws(MessagingError) {
        do throws(Mailbox<Command>.Refusal) {
            try mailbox.post(.open(channel), isControl: true)
        } catch {
            channel.socket.close()
            throw .closed
        }
    }

    func close(_ channel: Channel) {
        guard channel.isOpen.exchange(false, ordering: .relaxed) else { return }
        // Refused only after the end, when the channel is closed already.
        try? mailbox.post(.close(channel), isControl: true)
    }
}
