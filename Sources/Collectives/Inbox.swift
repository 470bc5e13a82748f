import Foundation
import Messaging
import Wire

/// Frames that arrived and wait for the operation that takes them. Filled by the messaging thread, emptied by the
/// thread that trains, which may sleep here until a frame comes.
final class Inbox: @unchecked Sendable {
    struct Key: Hashable {
        var operation: UInt64
        var phase: UInt32
        var segment: Int
        var sender: Int
        var part: Int
    }

    private let condition = NSCondition()
    private let limit: Int
    private var frames: [Key: (signature: UInt32, frame: Frame)] = [:]
    private var bytes = 0
    private var failure: CollectiveError?

    init(limit: Int) {
        self.limit = limit
    }

    func deliver(_ key: Key, signature: UInt32, _ frame: Frame, from peer: String) {
        condition.withLock {
            guard failure == nil else { return }
            guard bytes + frame.count <= limit else {
                failure = .inboxFull(peer: peer, limit: limit)
                return condition.broadcast()
            }
            bytes += frame.count
            frames[key] = (signature, frame)
            condition.broadcast()
        }
    }

    /// The first failure wins: it is the cause, what follows are its consequences.
    func fail(_ error: CollectiveError) {
        condition.withLock {
            failure = failure ?? error
            condition.broadcast()
        }
    }

    /// Throws what ended the group, if anything has.
    func check() throws(CollectiveError) {
        if let failure = condition.withLock({ failure }) { throw failure }
    }

    /// Takes whichever of `keys` are here. With a deadline it sleeps until at least one is; nothing then means that
    /// the deadline has passed.
    func take(_ keys: some Collection<Key>, until deadline: Date?) throws(CollectiveError) -> [Key: (
        signature: UInt32, frame: Frame
    )] {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let failure { throw failure }
            var taken: [Key: (signature: UInt32, frame: Frame)] = [:]
            for key in keys {
                guard let entry = frames.removeValue(forKey: key) else { continue }
                bytes -= entry.frame.count
                taken[key] = entry
            }
            guard taken.isEmpty, let deadline, condition.wait(until: deadline) else { return taken }
        }
    }
}
