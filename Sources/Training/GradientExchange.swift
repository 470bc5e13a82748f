import Collectives
import Tensors

/// Turns the gradients of this worker's slices into the gradient of the whole batch, in the order of the slice tree.
///
/// Two sets of buffers take turns: frames leave without a copy, so what one step sent must stay until the peers have
/// taken it, which is certain once they have entered the next step.
final class GradientExchange {
    /// Computes one slice's gradient into a buffer and tells, in the order of the backward pass, which ranges are
    /// final.
    typealias Compute = (_ slice: Int, _ gradient: FloatBuffer, _ finished: (Range<Int>) -> Void) throws -> Void

    private struct Buffers {
        let partials: [FloatBuffer]
        let result: FloatBuffer
    }

    private let group: ProcessGroup
    private let reduction: LocalReduction
    private let buckets: [Range<Int>]
    private let sets: [Buffers]
    private let scratch: FloatBuffer
    private var turn = 0
    /// Seconds spent waiting for other ranks since the last reading.
    private(set) var waited: Duration = .zero
    /// Nil: nothing is recorded.
    var timeline: Timeline?

    /// - Parameter count: floats in a gradient, statistics included.
    init(group: ProcessGroup, boundaries: [Int], count: Int) {
        self.group = group
        reduction = LocalReduction(slices: group.mine, of: group.tree)
        buckets = BucketPlan(boundaries: boundaries, count: count, tuning: group.tuning).buckets
        let alone = group.size == 1
        sets = (0..<(alone ? 1 : 2)).map { [reduction] _ in
            let partials = (0..<reduction.bufferCount).map { _ in FloatBuffer(count: count) }
            return Buffers(partials: partials, result: alone ? partials[0] : FloatBuffer(count: count))
        }
        let largest = buckets.map(\.count).max() ?? 0
        scratch = FloatBuffer(count: alone ? 0 : AllReduce.scratchCount(for: group.tree, count: largest))
    }

    /// One step: computes every slice of this worker, reduces with the others, and hands out each bucket of the
    /// batch's gradient as soon as it is complete.
    func step(compute: Compute, reduced: (Range<Int>, FloatBuffer) -> Void) throws {
        let buffers = sets[turn]
        turn = (turn + 1) % sets.count
        var pending: [(range: Range<Int>, operation: AllReduce)] = []
        var nextBucket = 0
        var failure: (any Error)?

        for (index, step) in reduction.steps.enumerated() {
            let gradient = buffers.partials[step.buffer]
            guard index == reduction.steps.count - 1 else {
                try compute(step.slice, gradient) { _ in }
                add(step.additions, in: buffers, range: 0..<gradient.count)
                continue
            }
            try compute(step.slice, gradient) { finished in
                while nextBucket < buckets.count, finished.lowerBound <= buckets[nextBucket].lowerBound, failure == nil
                {
                    let range = buckets[nextBucket]
                    nextBucket += 1
                    add(step.additions, in: buffers, range: range)
                    guard group.size > 1 else { continue }
                    do {
                        pending.append((range, try begin(range, buffers, number: nextBucket)))
                        for (_, operation) in pending { _ = try operation.advance(waiting: false) }
                    } catch {
                        failure = error
                    }
                }
            }
        }
        if let failure { throw failure }
        precondition(nextBucket == buckets.count, "the backward pass did not report every range as finished")

        if group.size == 1 {
            try group.check()
            for range in buckets { reduced(range, buffers.result) }
        }
        let clock = ContinuousClock()
        for (range, operation) in pending {
            let start = clock.now
            _ = try operation.advance(waiting: true)
            let end = clock.now
            waited += end - start
            timeline?.record("communication", from: start, to: end)
            reduced(range, buffers.result)
        }
    }

    private func begin(_ range: Range<Int>, _ buffers: Buffers, number: Int) throws -> AllReduce {
        try AllReduce(
            "gradient bucket \(number) of \(buckets.count)", in: group, range: range,
            parts: reduction.parts.map { ($0.slices, buffers.partials[$0.buffer]) }, result: buffers.result,
            scratch: scratch)
    }

    private func add(_ additions: [LocalReduction.Addition], in buffers: Buffers, range: Range<Int>) {
        for addition in additions {
            let target = buffers.partials[addition.into].pointer + range.lowerBound
            SumKernels.add(
                target, buffers.partials[addition.from].pointer + range.lowerBound, into: target, count: range.count)
        }
    }
}
