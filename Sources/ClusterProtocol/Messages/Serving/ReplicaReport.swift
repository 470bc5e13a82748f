package import Digests
import Explanations
import Wire

/// State of one version on one inference node. Sent on every change and in every heartbeat.
package struct ReplicaReport: ClusterMessage {
    package static let kind = MessageKind.replica
    package static let path = MessagePath.inferenceToCoordinator
    package static let largestBytes = MessageBytes.words

    package enum State: String, Codable, Sendable {
        case fetching, verifying, warming, ready, failed
    }

    package var model: String
    package var version: Int
    package var manifest: ContentDigest
    package var state: State
    /// Why it failed; empty otherwise.
    package var reason: String
    /// Counts up with every change on the node since its process started: reports overtake each other, and an older
    /// one must not undo a newer one. Nil from a node that does not count.
    package var revision: UInt64?

    /// - Parameter reason: as much of it is told as a failure may have.
    package init(
        model: String, version: Int, manifest: ContentDigest, state: State, reason: String = "",
        revision: UInt64? = nil
    ) {
        self.model = model
        self.version = version
        self.manifest = manifest
        self.state = state
        self.reason = reason.shortened(toBytes: WireLimits.failureMessageBytes)
        self.revision = revision
    }
}

extension ReplicaReport {
    package func check() throws(DocumentProblem) {
        try Check.text(model, "model")
        try Check.count(version, "version", in: 1...Check.largestCount)
    }
}
