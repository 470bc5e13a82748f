import Collectives
import NeuralNetworks
import Tensors
import Threads

/// Adds up and updates where things lie: every thread of every rank of one host has a range of the parameters, adds up
/// its part of what all of them have computed, and updates it, block by block while each is in the cache. Nothing is
/// sent, and there is one set of parameters and moments for all ranks.
///
/// Ranks wait for each other before, until all gradients are there, and after, until all parameters are; and once
/// between where the norm of the whole gradient must be known before any parameter is changed. A rank that ends on the
/// way leaves parameters that are neither old nor new: the others' wait ends in an error, and their run with it.
final class InPlaceExchange: GradientExchange {
    private let group: ProcessGroup
    private let gradients: SliceGradients
    private let update: ParameterUpdate
    private let shares: [Range<Int>]
    /// The statistics of all slices.
    private let tail: BufferSum
    private let tailRange: Range<Int>
    private let statistics = FloatBuffer(count: StepStatistics.count)
    private let barriers: Barriers?
    private(set) var spent = ExchangeTimes()
    private let timeline: Timeline?

    /// What ranks wait for.
    private struct Barriers {
        let gradients: CollectiveOperation
        let norms: CollectiveOperation
        let parameters: CollectiveOperation
    }

    /// - Parameter update: adds up this workspace's parts.
    init(
        _ group: ProcessGroup, gradients: SliceGradients, workspace: InPlaceWorkspace, update: ParameterUpdate,
        parameterCount: Int, timeline: Timeline?
    ) {
        self.group = group
        self.gradients = gradients
        self.update = update
        self.timeline = timeline
        shares = Array(
            update.blocks.shares(of: 0..<parameterCount, count: workspace.threads)[workspace.places])
        tail = BufferSum(group.tree.root) { workspace.parts[$0] }
        tailRange = parameterCount..<parameterCount + StepStatistics.count
        barriers = workspace.shared.map { shared in
            func barrier(_ name: String) -> CollectiveOperation { Self.barrier(name, group, shared) }
            return Barriers(
                gradients: barrier("gradients"), norms: barrier("norms"), parameters: barrier("parameters"))
        }
    }

    /// Nobody goes on before all ranks of this host have come.
    static func barrier(_ name: String, _ group: ProcessGroup, _ shared: SharedBuffers) -> CollectiveOperation {
        var layout = group.layout
        layout.hosts = shared.memory.hosts
        let collective = Collective("barrier", of: name, count: 0, plan: Barrier.shared(layout: layout))
        return CollectiveOperation(collective, in: group, CollectiveBuffers(shared: shared))
    }

    var norm: Double { update.norm }

    func run(_ step: StepUnderWay, _ order: (StepStatistics) -> UpdateOrder) throws {
        try gradients.computeAll(step)
        try group.check()
        try wait(barriers?.gradients)
        tail.add(tailRange, into: statistics.pointer - tailRange.lowerBound)
        let order = order(StepStatistics(statistics.pointer))
        try perform(order.isAtOnce ? .measureAndApply : .measure, order.step)
        try wait(order.isAtOnce ? barriers?.parameters : barriers?.norms)
    }

    func apply(_ step: Optimizer.Step) throws {
        try perform(.apply, step)
        try wait(barriers?.parameters)
    }

    private func perform(_ action: ParameterUpdate.Action, _ step: Optimizer.Step) throws {
        let start = ContinuousClock.now
        try update.run(action, shares: shares, step: step)
        let end = ContinuousClock.now
        spent.update += end - start
        timeline?.record("update", from: start, to: end)
    }

    private func wait(_ barrier: CollectiveOperation?) throws {
        guard let barrier else { return }
        let start = ContinuousClock.now
        try barrier.run()
        let end = ContinuousClock.now
        spent.communication += end - start
        timeline?.record("communication", from: start, to: end)
    }
}
