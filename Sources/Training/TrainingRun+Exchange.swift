import Collectives
import NeuralNetworks
import Tensors
import Threads

extension TrainingRun {
    /// The exchange of gradients, opened at the first step: all ranks are there at the same time.
    func openExchange() throws -> any GradientExchange {
        if let exchange { return exchange }
        let opened = try openInPlace() ?? openBuckets()
        opened.timeline = timeline
        exchange = opened
        return opened
    }

    /// Floats of a gradient with the statistics behind it.
    private var gradientCount: Int { network.layout.count + StepStatistics.count }

    private func openBuckets() throws -> any GradientExchange {
        let count = gradientCount
        let buckets = BucketPlan(boundaries: network.layout.boundaries, count: count, tuning: group.tuning).buckets
        let workspace =
            group.size == 1
            ? GradientWorkspace(reduction, buckets: buckets, count: count)
            : try GradientWorkspace(group, reduction: reduction, buckets: buckets, count: count)
        let blocks = GradientBlocks(network.layout, learned: network.learnedRanges)
        let update = ParameterUpdate(
            makeOptimizer(), network: network, blocks: blocks, parameters: state.parameters,
            gradient: workspace.result, squares: FloatBuffer(count: ParameterUpdate.squaresCount(of: blocks)),
            team: team)
        return BucketExchange(
            group, gradients: gradients(in: workspace.buffers), workspace: workspace, update: update, team: team,
            parameterCount: network.layout.count)
    }

    /// Nil unless the threads that take part are all on this host and more than one.
    private func openInPlace() throws -> (any GradientExchange)? {
        let blocks = GradientBlocks(network.layout, learned: network.learnedRanges)
        guard let workspace = try inPlaceWorkspace(squaresCount: ParameterUpdate.squaresCount(of: blocks)) else {
            return nil
        }
        try share(in: workspace)
        let root = group.tree.root
        guard let result = workspace.parts.first(where: { $0.key.lowerBound == root.lowerBound })?.value else {
            preconditionFailure("no rank has slice \(root.lowerBound)")
        }
        let update = ParameterUpdate(
            makeOptimizer(), network: network, blocks: blocks, parameters: state.parameters, gradient: result,
            squares: workspace.squares,
            sums: (0..<team.count).map { _ in BufferSum(root) { workspace.parts[$0] } }, team: team)
        return InPlaceExchange(
            group, gradients: gradients(in: workspace.buffers), workspace: workspace, update: update,
            parameterCount: network.layout.count)
    }

    private func inPlaceWorkspace(squaresCount: Int) throws -> InPlaceWorkspace? {
        guard group.size > 1 else {
            return team.count > 1
                ? InPlaceWorkspace(reduction, count: gradientCount, squaresCount: squaresCount) : nil
        }
        guard try group.findHosts().count == 1 else { return nil }
        return try InPlaceWorkspace(
            group, reduction: reduction, count: gradientCount, moments: state.moments.count,
            squaresCount: squaresCount)
    }

    /// Moves parameters and moments to the memory of all ranks, which hold the same.
    private func share(in workspace: InPlaceWorkspace) throws {
        guard let parameters = workspace.parameters, let shared = workspace.shared else { return }
        if group.rank == 0 {
            parameters.copy(from: state.parameters)
            for (target, source) in zip(workspace.moments, state.moments) { target.copy(from: source.buffer) }
        }
        try InPlaceExchange.barrier("first parameters", group, shared).run()
        state.parameters = parameters
        state.moments = zip(state.moments, workspace.moments).map { ($0.name, $1) }
    }

    private func makeOptimizer() -> Optimizer {
        Optimizer(specification.optimizer, layout: network.layout, states: state.moments)
    }

    private func gradients(in buffers: [FloatBuffer]) -> SliceGradients {
        SliceGradients(
            reduction, buffers: buffers, executors: members, parameters: state.parameters, team: team)
    }
}
