import Tensors
public import NeuralNetworks

/// What a job will take, told before it runs.
public struct JobEstimate: Codable, Sendable, Equatable {
    /// Numbers that are learned.
    public var parameters: Int
    /// Bytes that each worker keeps for parameters, gradients, the best model so far and the optimizer's moments.
    public var stateBytes: Int
    /// Bytes that each worker keeps for the values of one slice while it is computed, and for tables of positions.
    public var activationBytes: Int
    /// Floating-point operations of one step over all workers, forward and backward; nil where a batch is all rows and
    /// they were not read.
    public var flopsPerStep: Int?
    /// Rows of one batch; nil where it is all rows and they were not read.
    public var batchSize: Int?
    /// Batches of one step.
    public var accumulation: Int
    public var slices: Int
    /// Rows that a worker computes at once, at most.
    public var rowsAtOnce: Int
    /// Nil where the data was not read.
    public var trainingRows: Int?
    public var stepsPerEpoch: Int?
    public var steps: Int?

    /// - Parameter trainingRows: nil where the data was not read.
    public init(of specification: JobSpecification, network: Network, trainingRows: Int? = nil) {
        let train = specification.train
        parameters = network.parameterCount
        let moments = Optimizer(train.optimizer, layout: ParameterLayout()).states.count
        // Parameters, the best ones so far, and gradients: each worker adds up its slices in at least two buffers, and
        // the pieces of one in a third.
        let gradients = train.accumulation > 1 || train.batchSize == nil ? 3 : 2
        stateBytes = MemoryLayout<Float>.stride * network.layout.count * (2 + gradients + moments)
        batchSize = train.batchSize ?? trainingRows
        accumulation = train.accumulation
        slices = train.slices
        let plan = batchSize.map { UpdatePlan(train, rows: trainingRows ?? $0) }
        rowsAtOnce = plan?.maximumRows ?? UpdatePlan.pieceRows
        activationBytes = network.memoryBytes(rows: rowsAtOnce, purpose: .training)
            .saturatingSum(network.tableBytes)
        let work = network.work.forward.saturatingSum(network.work.backward)
        flopsPerStep = batchSize.map { work.saturatingProduct($0).saturatingProduct(train.accumulation) }
        self.trainingRows = trainingRows
        stepsPerEpoch = trainingRows.flatMap { _ in plan?.updates }
        steps = trainingRows.flatMap { _ in plan?.updates(epochs: train.epochs, steps: train.stop.steps) }
    }
}
