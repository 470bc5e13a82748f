package import Collectives
import Foundation
package import Messaging
import Synchronization
package import Wire

/// All ranks of a group in one process: a thread each, frames handed over in an order that a seed shuffles. Neighbouring
/// ranks are on one of `hosts` made-up hosts.
package final class Ensemble: Sendable {
    package let groups: [ProcessGroup]
    private let mailroom: Mailroom?

    /// Of ranks that reach each other in some other way.
    package init(_ groups: [ProcessGroup]) {
        self.groups = groups
        mailroom = nil
    }

    package init(
        ranks: Int, slices: Int, tuning: Tuning = Tuning(), seed: UInt64 = 1, hosts: Int = 1,
        lost: @escaping Mailroom.Filter = { _, _ in false }
    ) {
        let mailroom = Mailroom(seed: seed, lost: lost)
        let tree = SliceTree(slices: slices)
        groups = (0..<ranks).map {
            ProcessGroup(
                id: 7, rank: $0, names: (0..<ranks).map { "worker-\($0)" }, shares: tree.shares(ranks: ranks),
                tree: tree, tuning: tuning, host: HostIdentity("host-\($0 * hosts / ranks)"), transport: mailroom)
        }
        self.mailroom = mailroom
        mailroom.open(groups)
    }

    deinit {
        mailroom?.close()
    }

    /// Frames and payload bytes that a rank has sent so far.
    package func sent(by rank: Int) -> (count: Int, bytes: Int) { mailroom?.sent(by: rank) ?? (0, 0) }

    /// Blocks until so many frames of a rank have been delivered; for one rank that waits for another.
    package func waitForDelivery(of count: Int, from rank: Int) { mailroom?.waitForDelivery(of: count, from: rank) }

    /// So many run at once that every core has something to do.
    private static let turns = Turns(ProcessInfo.processInfo.activeProcessorCount)

    /// Runs the same body as every rank and returns what each returned or threw, in rank order. Whoever waits for that has
    /// no thread meanwhile: other tests have the same few.
    package func run<T: Sendable>(
        _ body: @escaping @Sendable (ProcessGroup) throws -> T
    ) async -> [Result<T, any Error>] {
        await Self.turns.take()
        defer { Self.turns.giveBack() }
        return await withCheckedContinuation { continuation in
            start(body) { continuation.resume(returning: $0) }
        }
    }

    /// Gives the results of all ranks to `done`, on the thread of the one that is the last.
    private func start<T: Sendable>(
        _ body: @escaping @Sendable (ProcessGroup) throws -> T,
        done: @escaping @Sendable ([Result<T, any Error>]) -> Void
    ) {
        let results = Mutex<[Int: Result<T, any Error>]>([:])
        for group in groups {
            Thread.detachNewThread {
                let result = Result { try body(group) }
                let collected = results.withLock { results in
                    results[group.rank] = result
                    return results
                }
                if collected.count == group.size { done((0..<group.size).map { collected[$0]! }) }
            }
        }
    }
}

/// Delivers from a thread of its own, whatever lies there in an order that a seed shuffles, as a network may.
package final class Mailroom: GroupTransport, @unchecked Sendable {
    package typealias Filter = @Sendable (_ segment: TensorSegment, _ receiver: Int) -> Bool

    private let condition = NSCondition()
    private var held: [(segment: TensorSegment, frame: Frame, receiver: Int)] = []
    private var random: UInt64
    private var isClosed = false
    private var messages: [Int: (count: Int, bytes: Int)] = [:]
    private var delivered: [Int: Int] = [:]
    private let lost: Filter

    init(seed: UInt64, lost: @escaping Filter) {
        random = seed
        self.lost = lost
    }

    func open(_ groups: [ProcessGroup]) {
        Thread.detachNewThread {
            while let (segment, frame, receiver) = self.next() {
                groups[receiver].deliver(segment, frame)
                self.noteDelivery(from: Int(segment.sender))
            }
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    package func send(_ segment: TensorSegment, _ frame: Frame, to rank: Int) throws {
        if lost(segment, rank) { return }
        let copy = frame.withUnsafeBytes { Frame(copying: Array($0)) }
        condition.withLock {
            let sent = messages[Int(segment.sender)] ?? (0, 0)
            messages[Int(segment.sender)] = (sent.count + 1, sent.bytes + frame.count)
            held.append((segment, copy, rank))
            condition.broadcast()
        }
    }

    /// What a rank has sent so far.
    func sent(by rank: Int) -> (count: Int, bytes: Int) {
        condition.withLock { messages[rank] ?? (0, 0) }
    }

    /// Blocks until so many frames of a rank have been delivered.
    func waitForDelivery(of count: Int, from rank: Int) {
        condition.withLock {
            while delivered[rank, default: 0] < count { condition.wait() }
        }
    }

    private func noteDelivery(from rank: Int) {
        condition.withLock {
            delivered[rank, default: 0] += 1
            condition.broadcast()
        }
    }

    private func next() -> (TensorSegment, Frame, Int)? {
        condition.withLock {
            while held.isEmpty && !isClosed { condition.wait() }
            if held.isEmpty { return nil }
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return held.remove(at: Int(random >> 33) % held.count)
        }
    }
}
