import CSharedMemory
import Foundation
package import Tensors

/// Memory that the ranks of one host see together, and by which they wait for one another.
///
/// Each rank has an area of floats. In each lane each rank has a record with its progress: the number of the operation
/// and the point that it has come to in it, which only grows. A rank waits until the others' progress has grown enough:
/// for a few microseconds by looking, then asleep on a futex. No wait is without end: a peer's death, the group's end
/// and the deadline are looked at several times a second.
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
        fileprivate let number: UInt32

        fileprivate func progress(_ point: Int) -> UInt32 { number << 2 | UInt32(point) }
    }

    /// Enters the next operation: all ranks of the host enter the same ones in the same order.
    func enter(signature: UInt32, text: [UInt8]) -> Ticket {
        let ticket = Ticket(lane: Int(operations) % SharedLayout.lanes, number: operations)
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
        martlet_store(progress(own, lane: ticket.lane), ticket.progress(point))
        if martlet_load(word(layout.sleepers)) != 0 { ring() }
    }

    /// Whether these ranks have come to the point.
    func hasArrived(_ point: Int, of ticket: Ticket, ranks waited: [Int]) -> Bool {
        waited.allSatisfy { rank in
            let index = ranks.firstIndex(of: rank)!
            let reached = martlet_load(progress(index, lane: ticket.lane))
            return Int32(bitPattern: reached &- ticket.progress(point)) >= 0
        }
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
        _ point: Int, of ticket: Ticket, ranks waited: [Int], spin: Duration, timeout: Duration, isOver: () -> Bool
    ) -> Wait {
        let clock = ContinuousClock()
        let start = clock.now
        repeat {
            for _ in 0..<8 {
                if hasArrived(point, of: ticket, ranks: waited) { return .arrived }
                martlet_spin_hint()
            }
        } while clock.now - start < spin
        martlet_add(word(layout.sleepers), 1)
        defer { martlet_add(word(layout.sleepers), .max) }
        while true {
            let heard = martlet_load(word(layout.bell))
            if hasArrived(point, of: ticket, ranks: waited) { return .arrived }
            let failure = martlet_load(word(layout.failure))
            if failure != 0 { return .failed(rank: Int(failure) - 1) }
            if isOver() { return .failed(rank: ranks[own]) }
            let missing = waited.filter { !hasArrived(point, of: ticket, ranks: [$0]) }
            if clock.now - start > timeout { return .timedOut(missing: missing) }
            martlet_futex_wait(word(layout.bell), heard, Self.sleep.components.attoseconds / 1_000_000_000)
            let ended = processes.first { missing.contains($0.rank) && martlet_process_has_ended($0.descriptor) != 0 }
            // It may have come to the point before it ended.
            if let ended, !hasArrived(point, of: ticket, ranks: [ended.rank]) {
                return .processEnded(rank: ended.rank)
            }
        }
    }

    /// Ends every wait on this host, also those to come.
    func fail() {
        martlet_store_first(word(layout.failure), UInt32(ranks[own]) + 1)
        ring()
    }

    private func ring() {
        martlet_add(word(layout.bell), 1)
        martlet_futex_wake(word(layout.bell))
    }

    private func word(_ offset: Int) -> UnsafeMutablePointer<UInt32> {
        (segment.base + offset).assumingMemoryBound(to: UInt32.self)
    }

    private func progress(_ index: Int, lane: Int) -> UnsafeMutablePointer<UInt32> {
        word(layout.record(index, lane: lane))
    }
}
