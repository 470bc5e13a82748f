import Foundation
package import Messaging
package import Wire

/// The ranks of one generation of one job, seen from one of them.
///
/// All ranks call the same collectives in the same order; operations are numbered, so frames of several operations may
/// be under way at once and arrive in any order. A group of one sends nothing. Used by the one thread that trains;
/// `deliver` and `abort` may be called from anywhere.
package final class ProcessGroup: @unchecked Sendable {
    package let id: UInt64
    package let rank: Int
    /// Node names in rank order, for messages to people.
    package let names: [String]
    package let tree: SliceTree
    /// The slices of every rank, in rank order.
    package let shares: [Range<Int>]
    package let tuning: Tuning

    private let transport: any GroupTransport
    private let inbox: Inbox
    private var nextOperation: UInt64 = 0

    package init(
        id: UInt64, rank: Int, names: [String], shares: [Range<Int>], tree: SliceTree, tuning: Tuning = Tuning(),
        transport: any GroupTransport
    ) {
        precondition(names.count == shares.count && names.indices.contains(rank))
        self.id = id
        self.rank = rank
        self.names = names
        self.shares = shares
        self.tree = tree
        self.tuning = tuning
        self.transport = transport
        self.inbox = Inbox(limit: tuning.inboxBytes)
    }

    package var size: Int { names.count }
    package var mine: Range<Int> { shares[rank] }

    /// Takes in one frame from a peer. Called on the messaging thread; copies nothing.
    package func deliver(_ segment: TensorSegment, _ frame: Frame) {
        let sender = Int(segment.sender)
        guard segment.group == id, names.indices.contains(sender) else { return }
        let key = Inbox.Key(
            operation: segment.operation, phase: segment.phase, segment: Int(segment.segment), sender: sender,
            part: Int(segment.part))
        inbox.deliver(key, signature: segment.signature, frame, from: names[sender])
    }

    /// Ends every operation, also those to come, with `.aborted`.
    package func abort(_ reason: String) {
        inbox.fail(.aborted(reason: reason))
    }

    /// Throws if the group has ended; for the steps of a group of one, which never wait.
    package func check() throws(CollectiveError) {
        try inbox.check()
    }

    func beginOperation() -> UInt64 {
        defer { nextOperation += 1 }
        return nextOperation
    }

    func send(_ segment: TensorSegment, _ frame: Frame, to peer: Int) throws {
        try transport.send(segment, frame, to: peer)
    }

    /// Frames among `keys` that are here; with `waiting`, at least one of them.
    /// - Throws: `.timedOut` naming who is missing, `.mismatch`, or what ended the group.
    func receive(
        _ keys: Set<Inbox.Key>, signature: UInt32, of operation: String, waiting: Bool
    ) throws(CollectiveError) -> [Inbox.Key: Frame] {
        let seconds = Double(tuning.timeout.components.seconds) + Double(tuning.timeout.components.attoseconds) * 1e-18
        let deadline = waiting ? Date(timeIntervalSinceNow: seconds) : nil
        let taken = try inbox.take(keys, until: deadline)
        if waiting && taken.isEmpty {
            let missing = Set(keys.map(\.sender)).sorted().map { "rank \($0) (\(names[$0]))" }
            throw .timedOut(operation: operation, missing: missing, after: tuning.timeout)
        }
        for (key, entry) in taken where entry.signature != signature {
            let error = CollectiveError.mismatch(
                operation: operation, peer: "rank \(key.sender) (\(names[key.sender]))")
            inbox.fail(error)
            throw error
        }
        return taken.mapValues(\.frame)
    }
}
