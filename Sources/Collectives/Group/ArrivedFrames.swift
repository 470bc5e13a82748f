import Messaging
import Threads
import Wire

/// Frames that arrived and wait for the operation that takes them. Filled by the messaging thread, emptied by the
/// thread that trains, which may sleep here until a frame comes.
///
/// It also knows what each operation is, here and at those who sent frames for it, so that ranks which call different
/// things learn of it when the first frame arrives, whatever they wait for.
final class ArrivedFrames: @unchecked Sendable {
    /// Tells the frames of one operation apart.
    struct Key: Hashable {
        var phase: Int
        var segment: Int
        var sender: Int
        var part: Int
    }

    /// An operation, and who said that it is under way.
    struct Claim: Equatable {
        var rank: Int
        var signature: UInt32
        var text: String
    }

    /// Two ranks in different operations of the same number.
    struct Disagreement: Error, Equatable {
        var first: Claim
        var second: Claim
    }

    /// Operations whose claims are remembered after this rank has begun them.
    private static let memory: UInt64 = 256

    private let condition = MonotonicCondition()
    private let limit: Int
    /// By operation, in order of arrival.
    private var frames: [UInt64: [(key: Key, frame: Frame)]] = [:]
    private var claims: [UInt64: Claim] = [:]
    private var bytes = 0
    private var failure: CollectiveError?

    init(limit: Int) {
        self.limit = limit
    }

    /// Notes what operation a rank is in.
    /// - Throws: `Disagreement` with what another rank said of it.
    func note(_ operation: UInt64, _ claim: Claim, isOwn: Bool) throws(Disagreement) {
        if isOwn, operation >= Self.memory { forget(operation - Self.memory) }
        let known = condition.withLock { () -> Claim? in
            if let known = claims[operation] { return known }
            claims[operation] = claim
            return nil
        }
        if let known, known.signature != claim.signature { throw Disagreement(first: known, second: claim) }
    }

    private func forget(_ operation: UInt64) {
        condition.withLock { claims[operation] = nil }
    }

    func deliver(_ operation: UInt64, _ key: Key, _ frame: Frame, from peer: String) {
        condition.withLock {
            guard failure == nil else { return }
            guard bytes + frame.count <= limit else {
                failure = .inboxFull(peer: peer, limit: limit)
                return condition.broadcast()
            }
            bytes += frame.count
            frames[operation, default: []].append((key, frame))
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

    var hasFailed: Bool { condition.withLock { failure != nil } }

    /// Throws what ended the group, if anything has.
    func check() throws(CollectiveError) {
        if let failure = condition.withLock({ failure }) { throw failure }
    }

    /// What ends the group by this time; nil if nothing has.
    func failure(until deadline: ContinuousClock.Instant) -> CollectiveError? {
        condition.withLock {
            while failure == nil, condition.wait(until: deadline) {}
            return failure
        }
    }

    /// Takes what is here for an operation. With a deadline it sleeps until something is; nothing then means that the
    /// deadline has passed.
    func take(_ operation: UInt64, until deadline: ContinuousClock.Instant?) throws(CollectiveError) -> [(
        key: Key, frame: Frame
    )] {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let failure { throw failure }
            if let taken = frames.removeValue(forKey: operation) {
                for (_, frame) in taken { bytes -= frame.count }
                return taken
            }
            guard let deadline, condition.wait(until: deadline) else { return [] }
        }
    }
}
