import Datasets
import Tensors

/// Room for one slice of a batch, reused from step to step.
struct Batch {
    let inputs: FloatBuffer
    let targets: FloatBuffer
    private let featureCount: Int
    private let targetCount: Int

    init(rows: Int, featureCount: Int, targetCount: Int) {
        inputs = FloatBuffer(count: rows * featureCount)
        targets = FloatBuffer(count: rows * targetCount)
        self.featureCount = featureCount
        self.targetCount = targetCount
    }

    /// Copies these places of a shard, in the epoch's order, to the rows from 0 on.
    func fill(from samples: Samples, places: Range<Int>, order: SamplePermutation) {
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { labels in
                for (row, place) in places.enumerated() {
                    let source = order[place]
                    (inputs.pointer + row * featureCount)
                        .update(from: features.baseAddress! + source * featureCount, count: featureCount)
                    (targets.pointer + row * targetCount)
                        .update(from: labels.baseAddress! + source * targetCount, count: targetCount)
                }
            }
        }
    }
}
