import Collectives
import NeuralNetworks
import Tensors

extension Evaluator {
    /// The test part's metrics under these parameters, merged over all ranks in slice order.
    /// - Parameter epoch: the one after which the parameters were these.
    /// - Throws: `TrainingError.noResult` if the loss is no finite number: what gives such is no model.
    func evaluateTest(_ parameters: FloatBuffer, ofEpoch epoch: Int) throws -> MetricAccumulator {
        let scope = scope(keepsScores: true)
        let own = try evaluate(setup.shards.test, parameters: parameters, scope: scope).flatMap(\.values)
        let all = try setup.group.allGather(values: own, named: "evaluation").flatMap {
            try MetricAccumulator.all(scope, from: $0[...])
        }
        let metrics = Self.merged(all, scope: scope)
        if let loss = metrics.loss.mean, !loss.isFinite {
            throw TrainingError.noResult(
                "the loss on the test part is \(loss) under the parameters of epoch \(epoch), the best")
        }
        return metrics
    }
}
