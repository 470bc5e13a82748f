import Collectives
import NeuralNetworks
import Tensors

/// What the exchange of gradients is opened with.
struct ExchangeSetup {
    let network: Network
    let optimizer: OptimizerSpecification
    let group: ProcessGroup
    let team: SliceTeam
    /// Nil: nothing is recorded.
    let timeline: Timeline?

    /// Chooses the exchange. All ranks call it at the same point.
    ///
    /// - Parameter state: whose parameters and moments the exchange updates from then on. Where ranks share memory, they
    ///   move there.
    func open(_ state: inout TrainingState) throws -> any GradientExchange {
        try openInPlace(&state) ?? openBuckets(state)
    }

    /// Floats of a gradient with the statistics behind it.
    private var gradientCount: Int { network.layout.count + StepStatistics.count }

    private var blocks: GradientBlocks { GradientBlocks(network.layout, learned: network.learnedRanges) }

    private func openBuckets(_ state: TrainingState) throws -> any GradientExchange {
        let count = gradientCount
        let buckets = BucketPlan(boundaries: network.layout.boundaries, count: count, tuning: group.tuning).buckets
        let workspace =
            group.size == 1
            ? GradientWorkspace(team.reduction, buckets: buckets, count: count)
            : try GradientWorkspace(group, reduction: team.reduction, buckets: buckets, count: count)
        let blocks = blocks
        let update = ParameterUpdate(
            makeOptimizer(state), network: network, blocks: blocks, parameters: state.parameters,
            gradient: workspace.result, squares: FloatBuffer(count: ParameterUpdate.squaresCount(of: blocks)),
            team: team.threads)
        return BucketExchange(
            group, gradients: gradients(in: workspace.buffers, state), workspace: workspace, update: update,
            team: team.threads, parameterCount: network.layout.count, timeline: timeline)
    }

    /// Nil unless the threads that take part are all on this host and more than one.
    private func openInPlace(_ state: inout TrainingState) throws -> (any GradientExchange)? {
        let blocks = blocks
        let squaresCount = ParameterUpdate.squaresCount(of: blocks)
        guard let workspace = try inPlaceWorkspace(moments: state.moments.count, squaresCount: squaresCount) else {
            return nil
        }
        try share(&state, in: workspace)
        let root = group.tree.root
        guard let result = workspace.parts.first(where: { $0.key.lowerBound == root.lowerBound })?.value else {
            preconditionFailure("no rank has slice \(root.lowerBound)")
        }
        let update = ParameterUpdate(
            makeOptimizer(state), network: network, blocks: blocks, parameters: state.parameters, gradient: result,
            squares: workspace.squares,
            sums: (0..<team.count).map { _ in BufferSum(root) { workspace.parts[$0] } }, team: team.threads)
        return InPlaceExchange(
            group, gradients: gradients(in: workspace.buffers, state), workspace: workspace, update: update,
            parameterCount: network.layout.count, timeline: timeline)
    }

    private func inPlaceWorkspace(moments: Int, squaresCount: Int) throws -> InPlaceWorkspace? {
        guard group.size > 1 else {
            return team.count > 1
                ? InPlaceWorkspace(team.reduction, count: gradientCount, squaresCount: squaresCount) : nil
        }
        guard try group.findHosts().count == 1 else { return nil }
        return try InPlaceWorkspace(
            group, reduction: team.reduction, count: gradientCount, moments: moments, squaresCount: squaresCount)
    }

    /// Moves parameters and moments to the memory of all ranks, which hold the same.
    private func share(_ state: inout TrainingState, in workspace: InPlaceWorkspace) throws {
        guard let parameters = workspace.parameters, let shared = workspace.shared else { return }
        if group.rank == 0 {
            parameters.copy(from: state.parameters)
            for (target, source) in zip(workspace.moments, state.moments) { target.copy(from: source.buffer) }
        }
        try InPlaceExchange.barrier("first parameters", group, shared).run()
        state.parameters = parameters
        state.moments = zip(state.moments, workspace.moments).map { ($0.name, $1) }
    }

    private func makeOptimizer(_ state: TrainingState) -> Optimizer {
        Optimizer(optimizer, layout: network.layout, states: state.moments)
    }

    private func gradients(in buffers: [FloatBuffer], _ state: TrainingState) -> SliceGradients {
        SliceGradients(
            team.reduction, buffers: buffers, executors: team.executors, parameters: state.parameters,
            team: team.threads)
    }
}
