public import Tensors

/// Samples ready to learn from: features after preprocessing and targets, row-major.
public struct SampleTable: Sendable {
    public let rows: Int
    /// rows x featureCount
    public let features: FloatBuffer
    public let featureCount: Int
    /// rows x targetCount
    public let targets: FloatBuffer
    public let targetCount: Int

    public init(rows: Int, features: FloatBuffer, featureCount: Int, targets: FloatBuffer, targetCount: Int) {
        precondition(features.count >= rows * featureCount && targets.count >= rows * targetCount)
        self.rows = rows
        self.features = features
        self.featureCount = featureCount
        self.targets = targets
        self.targetCount = targetCount
    }

    /// Copies row `source` to row `target` of a batch.
    func copy(row source: Int, to target: Int, of batch: Batch) {
        (batch.inputs.pointer + target * featureCount)
            .update(from: features.pointer + source * featureCount, count: featureCount)
        (batch.targets.pointer + target * targetCount)
            .update(from: targets.pointer + source * targetCount, count: targetCount)
    }
}

/// Room for one slice of a batch, reused from step to step.
struct Batch {
    let inputs: FloatBuffer
    let targets: FloatBuffer

    init(rows: Int, featureCount: Int, targetCount: Int) {
        inputs = FloatBuffer(count: rows * featureCount)
        targets = FloatBuffer(count: rows * targetCount)
    }
}
