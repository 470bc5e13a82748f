import Collectives
import Datasets
package import NeuralNetworks
package import Tensors

extension TrainingRun {
    /// The test part's metrics under these parameters, merged over all ranks in slice order.
    package func evaluateTest(_ parameters: FloatBuffer) throws -> MetricAccumulator {
        let own = shards.test.flatMap { evaluate($0, parameters: parameters).sums }
        var merged = MetricAccumulator(task: network.specification.task, outputs: network.outputCount)
        let width = merged.sums.count
        for bytes in try group.allGather(own.encoded(), named: "evaluation") {
            guard let values = [Double](decoding: bytes), values.count.isMultiple(of: width) else {
                throw TrainingError.ranksDisagree(what: "the form of the evaluation")
            }
            for start in stride(from: 0, to: values.count, by: width) {
                let sums = Array(values[start..<start + width])
                merged.merge(
                    MetricAccumulator(task: merged.task, outputs: merged.outputs, sums: sums)!)
            }
        }
        return merged
    }

    /// What these parameters give for some samples, in evaluation mode.
    func evaluate(_ samples: Samples, parameters: FloatBuffer) -> MetricAccumulator {
        var metrics = MetricAccumulator(task: network.specification.task, outputs: network.outputCount)
        let outputs = FloatBuffer(count: maximumRows * network.outputCount)
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { targets in
                for first in stride(from: 0, to: samples.rows, by: maximumRows) {
                    let rows = min(maximumRows, samples.rows - first)
                    let lossSum = executor.evaluate(
                        inputs: features.baseAddress! + first * samples.featureCount,
                        targets: targets.baseAddress! + first * samples.targetCount, rows: rows,
                        parameters: parameters.pointer,
                        outputs: outputs.pointer)
                    metrics.add(
                        outputs: outputs.pointer, targets: targets.baseAddress! + first * samples.targetCount,
                        rows: rows, lossSum: lossSum)
                }
            }
        }
        return metrics
    }
}
