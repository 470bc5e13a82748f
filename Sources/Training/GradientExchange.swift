import Collectives
import Tensors

/// Turns the gradients of this worker's slices into the gradient of the whole batch, in the order of the slice tree.
///
/// Ranks on one host keep their gradients in memory that they share, and add them up where they lie.
final class GradientExchange {
    /// Computes one slice's gradient into a buffer and tells, in the order of the backward pass, which ranges are
    /// final.
    typealias Compute = (_ slice: Int, _ gradient: FloatBuffer, _ finished: (Range<Int>) -> Void) throws -> Void

    private let group: ProcessGroup
    private let reduction: LocalReduction
    private let buckets: [Range<Int>]
    private let count: Int
    private var workspace: GradientWorkspace?
    /// Seconds spent waiting for other ranks since the last reading.
    private(set) var waited: Duration = .zero
    /// Nil: nothing is recorded.
    var timeline: Timeline?

    /// - Parameter count: floats in a gradient, statistics included.
    init(group: ProcessGroup, boundaries: [Int], count: Int) {
        self.group = group
        self.count = count
        reduction = LocalReduction(slices: group.mine, of: group.tree)
        buckets = BucketPlan(boundaries: boundaries, count: count, tuning: group.tuning).buckets
    }

    /// One step: computes every slice of this worker, reduces with the others, and hands out each bucket of the
    /// batch's gradient as soon as it is complete.
    func step(compute: Compute, reduced: (Range<Int>, FloatBuffer) -> Void) throws {
        let workspace = try openWorkspace()
        let operations = workspace.operations
        var begun = 0
        var nextBucket = 0
        var failure: (any Error)?

        for (index, step) in reduction.steps.enumerated() {
            let gradient = workspace.partials[step.buffer]
            guard index == reduction.steps.count - 1 else {
                try compute(step.slice, gradient) { _ in }
                add(step.additions, in: workspace, range: 0..<gradient.count)
                continue
            }
            try compute(step.slice, gradient) { finished in
                while nextBucket < buckets.count, finished.lowerBound <= buckets[nextBucket].lowerBound, failure == nil
                {
                    add(step.additions, in: workspace, range: buckets[nextBucket])
                    nextBucket += 1
                    guard begun < operations.count else { continue }
                    do {
                        try operations[begun].start()
                        begun += 1
                        for operation in operations[..<begun] { _ = try operation.advance(waiting: false) }
                    } catch {
                        failure = error
                    }
                }
            }
        }
        if let failure { throw failure }
        precondition(nextBucket == buckets.count, "the backward pass did not report every range as finished")

        try group.check()
        let clock = ContinuousClock()
        for (index, range) in buckets.enumerated() {
            if index < operations.count {
                let start = clock.now
                _ = try operations[index].advance(waiting: true)
                let end = clock.now
                waited += end - start
                timeline?.record("communication", from: start, to: end)
            }
            reduced(range, workspace.result)
        }
    }

    private func openWorkspace() throws -> GradientWorkspace {
        if let workspace { return workspace }
        let opened = try GradientWorkspace(group, reduction: reduction, buckets: buckets, count: count)
        workspace = opened
        return opened
    }

    private func add(_ additions: [LocalReduction.Addition], in workspace: GradientWorkspace, range: Range<Int>) {
        for addition in additions {
            let target = workspace.partials[addition.into].pointer + range.lowerBound
            SumKernels.add(
                target, workspace.partials[addition.from].pointer + range.lowerBound, into: target, count: range.count)
        }
    }
}
