import Foundation
package import Messaging
import Synchronization
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
    package internal(set) var tuning: Tuning
    /// Why ranks on one host send each other messages.
    package internal(set) var sharedMemoryRefusal: String?

    let host: HostIdentity
    /// Where the ranks run; empty until they have been asked.
    var introductions: [Introduction] = []
    let arrived: ArrivedFrames
    private let transport: any GroupTransport
    private var nextOperation: UInt64 = 0
    private let memories = Mutex<[WeakMemory]>([])

    private struct WeakMemory {
        weak var memory: SharedMemory?
    }

    package init(
        id: UInt64, rank: Int, names: [String], shares: [Range<Int>], tree: SliceTree, tuning: Tuning = Tuning(),
        host: HostIdentity = .current, transport: any GroupTransport
    ) {
        precondition(names.count == shares.count && names.indices.contains(rank))
        self.id = id
        self.rank = rank
        self.names = names
        self.shares = shares
        self.tree = tree
        self.tuning = tuning
        self.host = host
        self.transport = transport
        self.arrived = ArrivedFrames(limit: tuning.inboxBytes)
    }

    package var size: Int { names.count }
    package var mine: Range<Int> { shares[rank] }
    package var layout: GroupLayout { GroupLayout(rank: rank, shares: shares, tree: tree) }

    /// A rank as people know it.
    func name(_ rank: Int) -> String { "rank \(rank) (\(names[rank]))" }

    /// Takes in one frame from a peer. Called on the messaging thread; copies nothing.
    package func deliver(_ segment: TensorSegment, _ frame: Frame) {
        let sender = Int(segment.sender)
        guard segment.group == id, names.indices.contains(sender), sender != rank else { return }
        guard segment.phase != Self.farewell else {
            return fail(.mismatch(segment.description))
        }
        let claim = ArrivedFrames.Claim(rank: sender, signature: segment.signature, text: segment.description)
        do throws(ArrivedFrames.Disagreement) {
            try arrived.note(segment.operation, claim, isOwn: false)
        } catch {
            spread(error)
        }
        let key = ArrivedFrames.Key(
            phase: Int(segment.phase), segment: Int(segment.segment), sender: sender, part: Int(segment.part))
        arrived.deliver(segment.operation, key, frame, from: names[sender])
    }

    /// Ends every operation, also those to come, with `.aborted`.
    package func abort(_ reason: String) {
        fail(.aborted(reason: reason))
    }

    /// Throws if the group has ended; for the steps of a group of one, which never wait.
    package func check() throws(CollectiveError) {
        try arrived.check()
    }

    func fail(_ error: CollectiveError) {
        arrived.fail(error)
        for watched in memories.withLock({ $0 }) { watched.memory?.fail() }
    }

    /// Waits in this memory end when the group does.
    func watch(_ memory: SharedMemory) {
        memories.withLock { memories in
            memories.removeAll { $0.memory == nil }
            memories.append(WeakMemory(memory: memory))
        }
        if arrived.hasFailed { memory.fail() }
    }

    // MARK: Operations

    /// Numbers the next operation.
    /// - Throws: what ended the group, also that another rank is already in an operation of this number that is not
    ///   this one.
    func begin(signature: UInt32, text: String) throws(CollectiveError) -> UInt64 {
        defer { nextOperation += 1 }
        do throws(ArrivedFrames.Disagreement) {
            let claim = ArrivedFrames.Claim(rank: rank, signature: signature, text: text)
            try arrived.note(nextOperation, claim, isOwn: true)
        } catch {
            spread(error)
        }
        try arrived.check()
        return nextOperation
    }

    func send(_ segment: TensorSegment, _ frame: Frame, to peer: Int) throws {
        try transport.send(segment, frame, to: peer)
    }

    /// The frames of an operation that are here; with `waiting`, at least one.
    /// - Parameter missing: who is still waited for.
    /// - Throws: `.timedOut` naming who is missing, or what ended the group.
    func receive(
        _ operation: UInt64, of text: String, waiting: Bool, missing: () -> [Int]
    ) throws(CollectiveError) -> [(key: ArrivedFrames.Key, frame: Frame)] {
        let deadline = waiting ? ContinuousClock.now + tuning.timeout : nil
        let taken = try arrived.take(operation, until: deadline)
        if waiting && taken.isEmpty {
            throw .timedOut(operation: text, missing: Set(missing()).sorted().map(name), after: tuning.timeout)
        }
        return taken
    }

    // MARK: Disagreement

    /// The phase of the frame by which a rank tells the others why it ends the group.
    private static let farewell = UInt32.max

    /// Ends the group because this rank is in one operation and another in another.
    func disagree(_ own: String, other: Int, _ text: String) -> CollectiveError {
        spread(
            ArrivedFrames.Disagreement(
                first: .init(rank: rank, signature: 0, text: own), second: .init(rank: other, signature: 1, text: text))
        )
    }

    /// Ends the group on every rank with the same words.
    @discardableResult
    private func spread(_ disagreement: ArrivedFrames.Disagreement) -> CollectiveError {
        let claims = [disagreement.first, disagreement.second].sorted { $0.rank < $1.rank }
        let words = claims.map { "\(name($0.rank)) is in \($0.text)" }.joined(separator: ", ")
        let text = words.cut(toUTF8: WireLimits.segmentDescription)
        let farewell = TensorSegment(
            group: id, operation: 0, phase: Self.farewell, segment: 0, sender: UInt32(rank), signature: 0, part: 0,
            description: text)
        if !arrived.hasFailed {
            // Who cannot be reached learns of it by its own frames, or by silence.
            for peer in names.indices where peer != rank { try? send(farewell, Frame(copying: []), to: peer) }
        }
        fail(.mismatch(text))
        return .mismatch(text)
    }
}

extension String {
    /// The longest beginning of at most this many bytes.
    func cut(toUTF8 limit: Int) -> String {
        var text = self
        while text.utf8.count > limit { text.removeLast() }
        return text
    }
}
