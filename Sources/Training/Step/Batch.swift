import Datasets
import Tensors

/// Room for one slice of a batch, reused from step to step.
struct Batch {
    let inputs: FloatBuffer
    let targets: FloatBuffer
    private let featureCount: Int
    private let targetCount: Int
    private let augmenter: Augmenter?

    /// - Parameter augmenter: changes the samples that come in; nil: they stay as they are.
    init(rows: Int, featureCount: Int, targetCount: Int, augmenter: Augmenter? = nil) {
        inputs = FloatBuffer(count: rows * featureCount)
        targets = FloatBuffer(count: rows * targetCount)
        self.featureCount = featureCount
        self.targetCount = targetCount
        self.augmenter = augmenter
    }

    /// Copies these places of the shard of a slice, in the epoch's order, to the rows from 0 on.
    func fill(from samples: Samples, places: Range<Int>, order: SamplePermutation, slice: Int, epoch: Int) {
        samples.features.withUnsafeBufferPointer { features in
            samples.targets.withUnsafeBufferPointer { labels in
                for (row, place) in places.enumerated() {
                    let source = order[place]
                    let (input, target) = (inputs.pointer + row * featureCount, targets.pointer + row * targetCount)
                    input.update(from: features.baseAddress! + source * featureCount, count: featureCount)
                    target.update(from: labels.baseAddress! + source * targetCount, count: targetCount)
                    augmenter?.apply(
                        to: input, targets: target, place: source, of: samples, slice: slice, epoch: epoch)
                }
            }
        }
    }
}
