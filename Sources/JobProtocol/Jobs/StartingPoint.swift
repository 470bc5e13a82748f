package import Digests

/// Where the parameters of a job start from, if not from random numbers.
package struct StartingPoint: Codable, Sendable, Equatable {
    /// `digits:3`, or the path of a file.
    package var base: String
    /// Content in the coordinator's store: `model.safetensors` of that version, or a copy of that file.
    package var model: ContentDigest
    /// Of that version; nil for a file.
    package var manifest: ContentDigest?
    /// What of it does not fit the model, for a person; nil where all does, and before it was looked at.
    package var misfit: String?

    package init(base: String, model: ContentDigest, manifest: ContentDigest? = nil) {
        self.base = base
        self.model = model
        self.manifest = manifest
    }
}
