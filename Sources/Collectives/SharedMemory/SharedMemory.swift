import CSharedMemory
import Foundation
package import Tensors

/// Memory that the ranks of one host see together, and by which they wait for one another.
///
/// Terms: each rank has an *area* of floats. Operations take turns on the *lanes*; in each lane each rank has a record
/// with its *progress*, the number of the operation and the *point* that it has come to in it, which only grows. A
/// rank's *bed* is the word on which it sleeps (`SharedLayout.sleeper`).
///
/// Steps to arrive at a point: store the progress, which releases what was written before; then wake those whose
/// bed says that they wait for this rank.
///
/// Steps to wait for ranks to come to a point:
/// 1. For `Tuning.spin` look at their progress and at nothing else, unless another rank was last seen on this core.
/// 2. For `Tuning.yield` offer the core to others between looks: longer than it takes to wake a rank, since whoever was
///    asleep comes late to the next point.
/// 3. Write into the own bed who is missing, look once more, and sleep on it (futex), at most 50 ms at a time.
///
/// Cost: an arrival is a store or two and a look at the bed of each rank of the host, and one system call for each rank
/// that sleeps on it. A wait is one load for each rank and look. No message, and nothing grows with the length of a
/// vector.
///
/// What fails: no wait is without end. Between sleeps a rank looks whether the process of one that it waits for has
/// ended (pidfd), whether the group has failed here or, by a word that all see, at another rank of the host, and
/// whether `Tuning.timeout` has passed. Ranks that have come to point 1 of different operations see it by the records'
/// signatures.
package final class SharedMemory: @unchecked Sendable {
    /// The ranks of this host, in rank order.
    package let ranks: [Int]
    /// The ranks of every host of the group.
    package let hosts: [[Int]]
    package let floatsPerRank: Int

    let segment: SharedSegment
    private let layout: SharedLayout
    private let own: Int
    /// Of the other processes: descriptors that say when they have ended.
    private let processes: [(rank: Int, descriptor: Int32)]
    private var operations: UInt32 = 0
    /// By lane, the operation of this rank that entered it last.
    private var occupants: [Occupant]

    private struct Occupant {
        weak var operation: CollectiveOperation?
        var number: UInt32 = 0
    }

    private static let sleep: Duration = .milliseconds(50)

    init(
        segment: SharedSegment, rank: Int, ranks: [Int], hosts: [[Int]], floatsPerRank: Int,
        processes: [(rank: Int, descriptor: Int32)]
    ) {
        self.segment = segment
        self.ranks = ranks
        self.hosts = hosts
        self.floatsPerRank = floatsPerRank
        self.processes = processes
        layout = SharedLayout(ranks: ranks.count, floatsPerRank: floatsPerRank)
        own = ranks.firstIndex(of: rank)!
        occupants = Array(repeating: Occupant(), count: SharedLayout.lanes)
    }

    deinit {
        for process in processes { close(process.descriptor) }
    }

    /// Floats of a rank's area, from `offset`, a multiple of 16.
    package func buffer(ofRank rank: Int, from offset: Int, count: Int) -> FloatBuffer {
        precondition(offset >= 0 && offset + count <= floatsPerRank, "the area has \(floatsPerRank) floats")
        return FloatBuffer(viewing: floats(ofRank: rank) + offset, count: count, owner: self)
    }

    func floats(ofRank rank: Int) -> UnsafeMutablePointer<Float> {
        guard let index = ranks.firstIndex(of: rank) else { preconditionFailure("rank \(rank) is on another host") }
        return (segment.base + layout.floats(index)).assumingMemoryBound(to: Float.self)
    }

    // MARK: Progress

    /// One operation as this rank has entered it.
    struct Ticket {
        fileprivate let lane: Int
        let number: UInt32

        fileprivate func progress(_ point: Int) -> UInt32 { number << 2 | UInt32(point) }
    }

    /// This rank's operation that is under way in the lane of the next one; nil if that lane is free.
    ///
    /// It has to be completed before the next one is entered. Progress in a lane only grows: a rank that goes on to
    /// another operation there tells the others that it has come to all points of the one before, and they would read
    /// what it has not written yet.
    var occupantOfNextLane: CollectiveOperation? {
        let occupant = occupants[Int(operations) % SharedLayout.lanes]
        guard let operation = occupant.operation, operation.isUnderWay(as: occupant.number) else { return nil }
        return operation
    }

    /// Enters the next operation: all ranks of the host enter the same ones in the same order.
    func enter(_ operation: CollectiveOperation, signature: UInt32, text: [UInt8]) -> Ticket {
        precondition(occupantOfNextLane == nil, "the lane's last operation is still under way")
        let ticket = Ticket(lane: Int(operations) % SharedLayout.lanes, number: operations)
        occupants[ticket.lane] = Occupant(operation: operation, number: operations)
        operations &+= 1
        let record = segment.base + layout.record(own, lane: ticket.lane)
        let length = min(text.count, SharedLayout.textByteCount)
        text.withUnsafeBytes {
            (segment.base + layout.text(own, lane: ticket.lane)).copyMemory(from: $0.baseAddress!, byteCount: length)
        }
        record.storeBytes(of: signature, toByteOffset: 4, as: UInt32.self)
        record.storeBytes(of: UInt32(length), toByteOffset: 8, as: UInt32.self)
        return ticket
    }

    /// Tells the others that this rank has come to a point from 1 to 3, and that what it wrote before can be read.
    func arrive(_ point: Int, of ticket: Ticket) {
        let core = martlet_current_core()
        // Written only when it changes: the others read this cache line again and again.
        if martlet_load(word(layout.core(own))) != core { martlet_store(word(layout.core(own)), core) }
        martlet_store(progress(own, lane: ticket.lane), ticket.progress(point))
        for index in ranks.indices where martlet_load(word(layout.sleeper(index))) == UInt32(own) + 1 { wake(index) }
    }

    /// Whether these ranks have come to the point.
    func hasArrived(_ point: Int, of ticket: Ticket, ranks waited: [Int]) -> Bool {
        missing(at: point, of: ticket, among: waited) == nil
    }

    /// The first of these ranks that has not come to the point, by its place among the host's.
    private func missing(at point: Int, of ticket: Ticket, among waited: [Int]) -> Int? {
        for rank in waited {
            let index = ranks.firstIndex(of: rank)!
            let reached = martlet_load(progress(index, lane: ticket.lane))
            if Int32(bitPattern: reached &- ticket.progress(point)) < 0 { return index }
        }
        return nil
    }

    /// The other rank that has entered another operation than this one, with its words for it. To be asked when all
    /// have come to the first point.
    func disagreement(with signature: UInt32, of ticket: Ticket) -> (rank: Int, text: String)? {
        for (index, rank) in ranks.enumerated() where index != own {
            let record = segment.base + layout.record(index, lane: ticket.lane)
            guard record.load(fromByteOffset: 4, as: UInt32.self) != signature,
                martlet_load(progress(index, lane: ticket.lane)) >> 2 == ticket.progress(0) >> 2
            else { continue }
            let length = min(Int(record.load(fromByteOffset: 8, as: UInt32.self)), SharedLayout.textByteCount)
            let bytes = UnsafeRawBufferPointer(
                start: segment.base + layout.text(index, lane: ticket.lane), count: length)
            return (rank, String(decoding: bytes, as: UTF8.self))
        }
        return nil
    }

    // MARK: Waiting

    enum Wait {
        case arrived
        case timedOut(missing: [Int])
        /// This rank ended the group.
        case failed(rank: Int)
        case processEnded(rank: Int)
    }

    /// Waits until the ranks have come to the point. `isOver` is asked several times a second.
    func wait(
        _ point: Int, of ticket: Ticket, ranks waited: [Int], tuning: Tuning, isOver: () -> Bool
    ) -> Wait {
        let clock = ContinuousClock()
        let start = clock.now
        if look(for: point, of: ticket, ranks: waited, tuning: tuning, since: start) { return .arrived }
        while let missing = missing(at: point, of: ticket, among: waited) {
            let failure = martlet_load(word(layout.failure))
            if failure != 0 { return .failed(rank: Int(failure) - 1) }
            if isOver() { return .failed(rank: ranks[own]) }
            if clock.now - start > tuning.timeout {
                return .timedOut(missing: waited.filter { !hasArrived(point, of: ticket, ranks: [$0]) })
            }
            sleep(until: missing, comesTo: point, of: ticket)
            // Whoever has ended may have come to the point before.
            let ended = processes.first {
                waited.contains($0.rank) && martlet_process_has_ended($0.descriptor) != 0
                    && !hasArrived(point, of: ticket, ranks: [$0.rank])
            }
            if let ended { return .processEnded(rank: ended.rank) }
        }
        return .arrived
    }

    /// Looks for a while without sleeping: first at nothing else, unless another rank needs this core, then between
    /// turns of whoever wants it. To be woken takes longer, and who was asleep makes the others wait until they sleep
    /// as well.
    private func look(
        for point: Int, of ticket: Ticket, ranks waited: [Int], tuning: Tuning, since start: ContinuousClock.Instant
    ) -> Bool {
        let clock = ContinuousClock()
        let spin = hasCoreOfItsOwn ? tuning.spin : .zero
        var elapsed = Duration.zero
        repeat {
            for _ in 0..<8 {
                if hasArrived(point, of: ticket, ranks: waited) { return true }
                if elapsed < spin { martlet_spin_hint() } else { sched_yield() }
            }
            elapsed = clock.now - start
        } while elapsed < spin + tuning.yield
        return false
    }

    /// Whether every other rank of the host was elsewhere when it last arrived somewhere.
    private var hasCoreOfItsOwn: Bool {
        let core = martlet_current_core()
        return ranks.indices.allSatisfy { $0 == own || martlet_load(word(layout.core($0))) != core }
    }

    /// Sleeps until a rank of this host may have come to a point, at most a fraction of a second.
    private func sleep(until index: Int, comesTo point: Int, of ticket: Ticket) {
        let bed = word(layout.sleeper(own))
        let awaited = UInt32(index) + 1
        martlet_store(bed, awaited)
        // Whoever arrives from here on sees that this rank sleeps.
        if !hasArrived(point, of: ticket, ranks: [ranks[index]]), martlet_load(word(layout.failure)) == 0 {
            martlet_futex_wait(bed, awaited, Self.sleep.components.attoseconds / 1_000_000_000)
        }
        martlet_store(bed, 0)
    }

    private func wake(_ index: Int) {
        martlet_store(word(layout.sleeper(index)), 0)
        martlet_futex_wake(word(layout.sleeper(index)))
    }

    /// Ends every wait on this host, also those to come.
    func fail() {
        martlet_store_first(word(layout.failure), UInt32(ranks[own]) + 1)
        for index in ranks.indices { wake(index) }
    }

    private func word(_ offset: Int) -> UnsafeMutablePointer<UInt32> {
        (segment.base + offset).assumingMemoryBound(to: UInt32.self)
    }

    private func progress(_ index: Int, lane: Int) -> UnsafeMutablePointer<UInt32> {
        word(layout.record(index, lane: lane))
    }
}
