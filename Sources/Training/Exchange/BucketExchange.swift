import Collectives
import NeuralNetworks
import Tensors
import Threads

/// Exchanges gradients bucket by bucket: by messages, in the memory that the ranks of each of several hosts share, or,
/// in a group of one with one thread, not at all.
///
/// One thread hands over each bucket as soon as the backward pass has completed it. Several threads first add up what
/// each of them has.
final class BucketExchange: GradientExchange {
    private let group: ProcessGroup
    private let gradients: SliceGradients
    private let workspace: GradientWorkspace
    private let update: ParameterUpdate
    private let team: ThreadTeam
    private let parameterCount: Int
    private let buckets: [Range<Int>]
    /// By bucket and thread: what each thread updates.
    private let shares: [[Range<Int>]]
    private let whole: [Range<Int>]
    private let merge: Merge
    private(set) var spent = ExchangeTimes()
    private let timeline: Timeline?

    /// - Parameters:
    ///   - gradients: whose buffers are the workspace's.
    ///   - update: of the workspace's result.
    init(
        _ group: ProcessGroup, gradients: SliceGradients, workspace: GradientWorkspace, update: ParameterUpdate,
        team: ThreadTeam, parameterCount: Int, timeline: Timeline?
    ) {
        self.group = group
        self.gradients = gradients
        self.workspace = workspace
        self.update = update
        self.team = team
        self.parameterCount = parameterCount
        self.timeline = timeline
        buckets = workspace.buckets
        shares = buckets.map { [blocks = update.blocks] in
            blocks.shares(of: $0.clamped(to: 0..<parameterCount), count: team.count)
        }
        whole = update.blocks.shares(of: 0..<parameterCount, count: team.count)
        merge = Merge(gradients, members: team.count)
    }

    /// Adds up what several threads have of the worker's nodes of the slice tree.
    private struct Merge: TeamWork {
        /// By thread, one for each node.
        private let sums: [[(sum: BufferSum, target: FloatBuffer)]]
        private let shares: [Range<Int>]

        init(_ gradients: SliceGradients, members: Int) {
            let reduction = gradients.reduction
            sums = (0..<members).map { _ in
                reduction.nodes.enumerated().filter { reduction.buffer(of: $1) == nil }.map { index, node in
                    let sum = BufferSum(node) { reduction.buffer(of: $0).map { gradients.buffers[$0] } }
                    return (sum, gradients.buffers[index])
                }
            }
            shares = Ranges.shares(of: 0..<gradients.buffers[0].count, ranks: members)
        }

        func perform(member: Int) {
            for (sum, target) in sums[member] { sum.add(shares[member], into: target.pointer) }
        }
    }

    var norm: Double { update.norm }

    func run(_ step: StepUnderWay, _ order: (StepStatistics) -> UpdateOrder) throws {
        var begun = 0
        if team.count > 1 {
            try gradients.computeAll(step)
            try team.run(merge)
            while begun < workspace.operations.count { try beginNext(&begun) }
        } else {
            try computeAlone(step, &begun)
        }
        try group.check()
        var decided: UpdateOrder?
        for index in buckets.indices {
            try complete(index)
            let start = ContinuousClock.now
            if buckets[index].upperBound > parameterCount {
                decided = order(StepStatistics(workspace.result.pointer + parameterCount))
            }
            guard let decided else { preconditionFailure("the bucket with the statistics is the first") }
            try update.run(
                decided.isAtOnce ? .measureAndApply : .measure, shares: shares[index], step: decided.step)
            updated(since: start)
        }
    }

    func apply(_ step: Optimizer.Step) throws {
        let start = ContinuousClock.now
        try update.run(.apply, shares: whole, step: step)
        updated(since: start)
    }

    /// Begins the operation on each bucket during the backward pass.
    private func computeAlone(_ step: StepUnderWay, _ begun: inout Int) throws {
        var nextBucket = 0
        var failure: (any Error)?
        gradients.computeAlone(step) { finished in
            while nextBucket < buckets.count, finished.lowerBound <= buckets[nextBucket].lowerBound, failure == nil {
                gradients.addLast(buckets[nextBucket])
                nextBucket += 1
                guard begun < workspace.operations.count else { continue }
                do {
                    try beginNext(&begun)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        precondition(nextBucket == buckets.count, "the backward pass did not report every range as finished")
    }

    private func beginNext(_ begun: inout Int) throws {
        try workspace.operations[begun].start()
        begun += 1
        for index in 0..<begun { _ = try workspace.operations[index].advance(waiting: false) }
    }

    private func complete(_ index: Int) throws {
        guard index < workspace.operations.count else { return }
        let start = ContinuousClock.now
        _ = try workspace.operations[index].advance(waiting: true)
        let end = ContinuousClock.now
        spent.communication += end - start
        timeline?.record("communication", from: start, to: end)
    }

    private func updated(since start: ContinuousClock.Instant) {
        let end = ContinuousClock.now
        spent.update += end - start
        timeline?.record("update", from: start, to: end)
    }
}
