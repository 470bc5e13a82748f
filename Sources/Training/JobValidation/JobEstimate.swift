import Tensors
public import NeuralNetworks

/// What a job will take, told before it runs.
public struct JobEstimate: Codable, Sendable, Equatable {
    /// Numbers that are learned.
    public var parameters: Int
    /// Bytes that each worker keeps for parameters, gradients, the best model so far and the optimizer's moments.
    public var stateBytes: Int
    /// Bytes that each worker keeps for the values of one slice while it is computed.
    public var activationBytes: Int
    /// Floating-point operations of one step over all workers, forward and backward.
    public var flopsPerStep: Int?
    /// Rows of one step. Like the other figures that depend on it, nil for all rows of data that was not read.
    public var batchSize: Int?
    public var slices: Int
    /// Rows that a worker computes at once, at most.
    public var rowsPerSlice: Int
    /// Nil where the data was not read.
    public var trainingRows: Int?
    public var stepsPerEpoch: Int?
    public var steps: Int?

    /// - Parameter trainingRows: nil where the data was not read.
    public init(of specification: JobSpecification, network: Network, trainingRows: Int? = nil) {
        let train = specification.train
        parameters = network.parameterCount
        let moments = Optimizer(train.optimizer, layout: ParameterLayout()).states.count
        // Parameters, the best ones so far, and gradients: each worker adds up its slices in at least two buffers.
        stateBytes = MemoryLayout<Float>.stride * network.layout.count * (2 + 2 + moments)
        let rows = train.batchSize.map { $0 * train.accumulation } ?? trainingRows
        batchSize = rows
        slices = train.slices
        rowsPerSlice = UpdatePlan(train, rows: trainingRows ?? UpdatePlan.pieceRows * train.slices).maximumRows
        activationBytes = network.memoryBytes(rows: rowsPerSlice, purpose: .training)
        flopsPerStep = rows.map { [work = network.work] in (work.forward + work.backward) * $0 }
        self.trainingRows = trainingRows
        stepsPerEpoch = trainingRows.map { UpdatePlan(train, rows: $0).updates }
        steps = stepsPerEpoch.map { min($0 * train.epochs, train.stop.steps ?? .max) }
    }
}
