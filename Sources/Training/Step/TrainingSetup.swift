import Collectives
import Datasets
import NeuralNetworks
import Tensors

/// What is trained, on what and with whom: what all parts of a run need, and none of them changes.
struct TrainingSetup {
    let specification: TrainSpecification
    let network: Network
    let loss: Loss
    let group: ProcessGroup
    let shards: TrainingShards
    let plan: UpdatePlan

    init(
        specification: TrainSpecification, network: Network, loss: Loss, group: ProcessGroup, shards: TrainingShards
    ) {
        self.specification = specification
        self.network = network
        self.loss = loss
        self.group = group
        self.shards = shards
        plan = UpdatePlan(specification, rows: shards.trainingRows)
        for (slice, samples) in zip(group.mine, shards.training) {
            precondition(
                samples.rows == plan.batches.shardRows(ofSlice: slice), "shard \(slice) has other rows than planned")
        }
    }

    /// Where a run begins: freshly drawn parameters, overwritten with those of a base as far as it goes.
    /// - Throws: `NetworkError` or `BaseModelError` if nothing can be taken over from the base.
    func firstState(base: BaseModel?) throws -> TrainingState {
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: specification.seed)
        try base?.adopt(into: parameters, of: network)
        return TrainingState(
            parameters: parameters,
            moments: Optimizer(specification.optimizer, layout: network.layout).states, best: parameters.copy(),
            progress: TrainingProgress(), curve: [])
    }
}
