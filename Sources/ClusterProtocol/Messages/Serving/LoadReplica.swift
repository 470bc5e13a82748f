package import Digests

/// Coordinator to inference node: hold this version. Answered with an acknowledgement; how it goes is told by
/// `ReplicaReport`s.
package struct LoadReplica: ClusterMessage {
    package static let kind = MessageKind.load
    package static let path = MessagePath.coordinatorToInference
    package static let largestBytes = MessageBytes.figures

    package var model: String
    package var version: Int
    /// Digest of `manifest.json`, which names all other files by digest.
    package var manifest: ContentDigest

    package init(model: String, version: Int, manifest: ContentDigest) {
        self.model = model
        self.version = version
        self.manifest = manifest
    }
}

extension LoadReplica {
    package func check() throws(DocumentProblem) {
        try Check.text(model, "model")
        try Check.count(version, "version", in: 1...Check.largestCount)
    }
}
