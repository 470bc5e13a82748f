import NeuralNetworks
import Tensors

/// What training takes of a worker's memory at least, held against what there is: memory that cannot be had ends the
/// process, and the next try with it.
struct MemoryNeed {
    /// Of parameters, the best ones so far, gradients and moments, of the values of the rows at hand, and of tables of
    /// positions.
    let bytes: Int

    init(_ specification: TrainSpecification, network: Network, plan: UpdatePlan, threads: Int) {
        let moments = Optimizer.stateNames(of: specification.optimizer).count
        let state = (MemoryLayout<Float>.stride * (3 + moments)).saturatingProduct(network.layout.count)
        let values = network.memoryBytes(rows: plan.maximumRows, purpose: .training).saturatingProduct(threads)
        bytes = state.saturatingSum(values).saturatingSum(network.tableBytes)
    }

    /// - Parameter available: bytes.
    /// - Throws: `TrainingError.noMemory` if there are fewer than needed.
    func check(available: UInt64) throws(TrainingError) {
        guard UInt64(bytes) > available else { return }
        throw .noMemory(needed: UInt64(bytes), available: available)
    }
}
