package import Checkpoints
package import Digests
package import Training

/// What training ended with: the best parameters and all that was measured of them.
package struct JobResult: Codable, Sendable, Equatable {
    /// `model.safetensors` of the best epoch, already in the coordinator's store.
    package var model: ContentDigest
    package var modelBytes: Int
    package var epoch: Int
    package var step: Int
    /// Why training ended: `epochs`, `patience`, `steps`.
    package var stopped: String
    /// On the test part, by metric name.
    package var metrics: [String: Double]
    /// Of the whole run, thinned.
    package var curve: [EpochRecord]
    package var golden: Golden
    /// Nil if there is no test part.
    package var evaluation: JobEvaluation?

    package init(
        model: ContentDigest, modelBytes: Int, epoch: Int, step: Int, stopped: String, metrics: [String: Double],
        curve: [EpochRecord], golden: Golden, evaluation: JobEvaluation? = nil
    ) {
        self.model = model
        self.modelBytes = modelBytes
        self.epoch = epoch
        self.step = step
        self.stopped = stopped
        self.metrics = metrics
        self.curve = curve
        self.golden = golden
        self.evaluation = evaluation
    }
}
