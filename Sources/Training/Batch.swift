import Datasets
import Tensors

/// Room for one slice of a batch, reused from step to step.
struct Batch {
    let inputs: FloatBuffer
    let targets: FloatBuffer
    private let featureCount: Int

    init(rows: Int, featureCount: Int) {
        inputs = FloatBuffer(count: rows * featureCount)
        targets = FloatBuffer(count: rows)
        self.featureCount = featureCount
    }

    /// Copies these places of a shard, in the epoch's order, to the rows from 0 on.
    func fill(from samples: Samples, places: Range<Int>, order: SamplePermutation) {
        samples.features.withUnsafeBufferPointer { features in
            for (row, place) in places.enumerated() {
                let source = order[place]
                (inputs.pointer + row * featureCount)
                    .update(from: features.baseAddress! + source * featureCount, count: featureCount)
                targets.pointer[row] = samples.targets[source]
            }
        }
    }
}
