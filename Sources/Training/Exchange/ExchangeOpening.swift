import Collectives
import NeuralNetworks
import Tensors
import Threads

/// Opens the exchange of a run's gradients, once for all its steps: all ranks do so at the same point.
struct ExchangeOpening {
    let setup: TrainingSetup
    let team: SliceTeam
    /// Of the exchange; nil: nothing is recorded.
    let timeline: Timeline?

    private var network: Network { setup.network }
    private var group: ProcessGroup { setup.group }

    /// - Parameter state: its parameters and moments are those that the exchange updates from then on; where the ranks
    ///   are all on one host they move to the memory of all ranks.
    func open(for state: inout TrainingState) throws -> any GradientExchange {
        if let exchange = try openInPlace(for: &state) { return exchange }
        return try openBuckets(for: state)
    }

    /// Floats of a gradient with the statistics behind it.
    private var gradientCount: Int { network.layout.count + StepStatistics.count }

    private func openBuckets(for state: TrainingState) throws -> any GradientExchange {
        let count = gradientCount
        let buckets = BucketPlan(boundaries: network.layout.boundaries, count: count, tuning: group.tuning).buckets
        let workspace =
            group.size == 1
            ? GradientWorkspace(team.reduction, buckets: buckets, count: count)
            : try GradientWorkspace(group, reduction: team.reduction, buckets: buckets, count: count)
        let blocks = GradientBlocks(network.layout, learned: network.learnedRanges)
        let update = ParameterUpdate(
            makeOptimizer(of: state), network: network, blocks: blocks, parameters: state.parameters,
            gradient: workspace.result, squares: FloatBuffer(count: ParameterUpdate.squaresCount(of: blocks)),
            team: team.threads)
        return BucketExchange(
            group, gradients: gradients(in: workspace.buffers, of: state), workspace: workspace, update: update,
            parameterCount: network.layout.count, timeline: timeline)
    }

    /// Nil unless the threads that take part are all on this host and more than one.
    private func openInPlace(for state: inout TrainingState) throws -> (any GradientExchange)? {
        let blocks = GradientBlocks(network.layout, learned: network.learnedRanges)
        let workspace = try inPlaceWorkspace(
            moments: state.moments.count, squaresCount: ParameterUpdate.squaresCount(of: blocks))
        guard let workspace else { return nil }
        try share(&state, in: workspace)
        let root = group.tree.root
        guard let result = workspace.parts.first(where: { $0.key.lowerBound == root.lowerBound })?.value else {
            preconditionFailure("no rank has slice \(root.lowerBound)")
        }
        let update = ParameterUpdate(
            makeOptimizer(of: state), network: network, blocks: blocks, parameters: state.parameters, gradient: result,
            squares: workspace.squares,
            sums: (0..<team.threads.count).map { _ in BufferSum(root) { workspace.parts[$0] } }, team: team.threads)
        return InPlaceExchange(
            group, gradients: gradients(in: workspace.buffers, of: state), workspace: workspace, update: update,
            parameterCount: network.layout.count, timeline: timeline)
    }

    private func inPlaceWorkspace(moments: Int, squaresCount: Int) throws -> InPlaceWorkspace? {
        guard group.size > 1 else {
            return team.threads.count > 1
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

    private func makeOptimizer(of state: TrainingState) -> Optimizer {
        Optimizer(setup.specification.optimizer, layout: network.layout, states: state.moments)
    }

    private func gradients(in buffers: [FloatBuffer], of state: TrainingState) -> SliceGradients {
        SliceGradients(team, buffers: buffers, parameters: state.parameters)
    }
}
