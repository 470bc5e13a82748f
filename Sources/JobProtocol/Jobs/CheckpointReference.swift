import ClusterProtocol
package import Digests
package import Training

/// A committed checkpoint. The progress says where training goes on.
package struct CheckpointReference: Codable, Sendable, Equatable {
    /// `model.safetensors`.
    package var model: ContentDigest
    /// `optimizer.safetensors`: the optimizer's moments, by parameter name.
    package var optimizer: ContentDigest
    /// The model of the best epoch so far, as long as `model`: the same file when the last epoch was the best. Not
    /// every epoch has a checkpoint, so this may be a model that no earlier checkpoint named.
    package var best: ContentDigest
    package var progress: TrainingProgress

    package init(
        model: ContentDigest, optimizer: ContentDigest, best: ContentDigest, progress: TrainingProgress
    ) {
        self.model = model
        self.optimizer = optimizer
        self.best = best
        self.progress = progress
    }
}

extension CheckpointReference {
    func check(_ field: String) throws(DocumentProblem) {
        try Check.count(progress.epoch, "\(field).progress.epoch")
        try Check.count(progress.step, "\(field).progress.step")
        try Check.count(progress.bestEpoch, "\(field).progress.bestEpoch")
        try Check.count(progress.spikes?.skipped ?? 0, "\(field).progress.spikes.skipped")
    }
}
