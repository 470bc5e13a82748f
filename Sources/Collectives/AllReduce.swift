import Messaging
package import Tensors
import Wire

/// One all-reduce under way: the sum of every rank's partial sums, in the order of the slice tree, ends in `result`.
///
/// The partial sums and the result must be different memory, and both must stay as they are until the next but one
/// all-reduce over the same range has ended: frames are sent without a copy, and a peer that has entered that
/// operation has received everything from this one. Callers alternate between two sets of buffers.
package final class AllReduce {
    /// Partial sums of this rank: nodes of the tree, and where they lie.
    package typealias Part = (slices: Range<Int>, buffer: FloatBuffer)

    private let group: ProcessGroup
    private let name: String
    private let plan: AllReducePlan
    private let range: Range<Int>
    private let parts: [Part]
    private let result: FloatBuffer
    private let scratch: FloatBuffer
    private let operation: UInt64
    private let signature: UInt32

    private var partials: [Inbox.Key: AllReducePlan.Transfer] = [:]
    private var results: [Inbox.Key: AllReducePlan.Transfer] = [:]
    /// Partial sums of the others, held until all are here.
    private var received: [(rank: Int, slices: Range<Int>, frame: Frame)] = []
    private var isReduced = false

    private static let partialPhase: UInt32 = 0
    private static let resultPhase: UInt32 = 1

    /// Sends this rank's partial sums of `range` and returns; `advance` does the rest.
    /// - Parameter scratch: room for the sums inside the tree, `scratchCount(for:)` floats; only used in `advance`.
    package init(
        _ name: String, in group: ProcessGroup, range: Range<Int>, parts: [Part], result: FloatBuffer,
        scratch: FloatBuffer, algorithm: AllReducePlan.Algorithm? = nil
    ) throws {
        self.group = group
        self.name = name
        self.range = range
        self.parts = parts
        self.result = result
        self.scratch = scratch
        plan = AllReducePlan(
            rank: group.rank, shares: group.shares, tree: group.tree, count: range.count,
            algorithm: algorithm ?? group.tuning.algorithm(ranks: group.size, bytes: 4 * range.count))
        operation = group.beginOperation()
        signature = Signature.of(kind: Signature.allReduce, count: range.count)
        for transfer in plan.partialReceives {
            partials[key(of: transfer, phase: Self.partialPhase)] = transfer
        }
        for transfer in plan.resultReceives {
            results[key(of: transfer, phase: Self.resultPhase)] = transfer
        }
        for transfer in plan.partialSends {
            guard let part = parts.first(where: { $0.slices == transfer.slices }) else {
                preconditionFailure("the plan sends slices \(transfer.slices) that this rank does not have")
            }
            try send(transfer, phase: Self.partialPhase, from: part.buffer)
        }
    }

    /// Floats of scratch space that adding up a tree of this many slices takes, for ranges of up to `count`.
    package static func scratchCount(for tree: SliceTree, count: Int) -> Int {
        var depth = 0
        while 1 << depth < tree.slices { depth += 1 }
        return 2 * depth * count
    }

    /// Goes on as far as the frames that are here allow; with `waiting`, to the end.
    /// - Returns: whether the result is complete.
    package func advance(waiting: Bool) throws -> Bool {
        while !partials.isEmpty {
            let frames = try receive(Set(partials.keys), waiting: waiting)
            if frames.isEmpty { return false }
            for (key, frame) in frames {
                let transfer = partials.removeValue(forKey: key)!
                try check(frame, holds: transfer)
                received.append((transfer.peer, transfer.slices, frame))
            }
        }
        if !isReduced {
            reduce()
            for transfer in plan.resultSends {
                try send(transfer, phase: Self.resultPhase, from: result)
            }
            isReduced = true
        }
        while !results.isEmpty {
            let frames = try receive(Set(results.keys), waiting: waiting)
            if frames.isEmpty { return false }
            for (key, frame) in frames {
                let transfer = results.removeValue(forKey: key)!
                try check(frame, holds: transfer)
                let target = result.pointer + range.lowerBound + transfer.elements.lowerBound
                frame.withUnsafeBytes { bytes in
                    UnsafeMutableRawPointer(target).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
                }
            }
        }
        return true
    }

    /// Adds up this rank's segment in the order of the tree.
    private func reduce() {
        defer { received.removeAll() }
        guard !plan.reduced.isEmpty else { return }
        let target = result.pointer + range.lowerBound + plan.reduced.lowerBound
        let sum = evaluate(group.tree.root, into: target, scratch: scratch.pointer)
        if sum != UnsafePointer(target) {
            target.update(from: sum, count: plan.reduced.count)
        }
    }

    /// The sum of a node: where it already lies, or `target` after adding its two halves.
    private func evaluate(
        _ node: Range<Int>, into target: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        if let part = parts.first(where: { $0.slices == node }) {
            return UnsafePointer(part.buffer.pointer + range.lowerBound + plan.reduced.lowerBound)
        }
        if let part = received.first(where: { $0.slices == node }) {
            return part.frame.withUnsafeBytes { $0.baseAddress!.assumingMemoryBound(to: Float.self) }
        }
        guard let (left, right) = SliceTree.children(of: node) else {
            preconditionFailure("no rank has slice \(node.lowerBound)")
        }
        let count = plan.reduced.count
        let below = scratch + 2 * count
        let leftSum = evaluate(left, into: scratch, scratch: below)
        let rightSum = evaluate(right, into: scratch + count, scratch: below)
        SumKernels.add(leftSum, rightSum, into: target, count: count)
        return UnsafePointer(target)
    }

    private func send(_ transfer: AllReducePlan.Transfer, phase: UInt32, from buffer: FloatBuffer) throws {
        let start = buffer.pointer + range.lowerBound + transfer.elements.lowerBound
        let bytes = UnsafeRawBufferPointer(start: start, count: 4 * transfer.elements.count)
        let segment = TensorSegment(
            group: group.id, operation: operation, phase: phase, segment: UInt32(transfer.segment),
            sender: UInt32(group.rank), signature: signature, part: UInt32(transfer.slices.lowerBound))
        try group.send(segment, Frame(owner: buffer, bytes: bytes), to: transfer.peer)
    }

    private func receive(_ keys: Set<Inbox.Key>, waiting: Bool) throws -> [Inbox.Key: Frame] {
        try group.receive(keys, signature: signature, of: "all-reduce of \(name)", waiting: waiting)
    }

    private func check(_ frame: Frame, holds transfer: AllReducePlan.Transfer) throws {
        guard frame.count == 4 * transfer.elements.count else {
            throw CollectiveError.wrongLength(
                operation: "all-reduce of \(name)", peer: group.names[transfer.peer],
                expected: 4 * transfer.elements.count, got: frame.count)
        }
    }

    private func key(of transfer: AllReducePlan.Transfer, phase: UInt32) -> Inbox.Key {
        Inbox.Key(
            operation: operation, phase: phase, segment: transfer.segment, sender: transfer.peer,
            part: transfer.slices.lowerBound)
    }
}
