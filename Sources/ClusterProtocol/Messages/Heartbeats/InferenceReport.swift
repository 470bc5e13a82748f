package struct InferenceReport: Codable, Sendable, Equatable {
    package var replicas: [ReplicaReport]
    /// Nil from a node that does not tell.
    package var load: InferenceLoad?
    /// The newest change that `replicas` has, see `ReplicaReport.revision`.
    package var revision: UInt64?

    package init(replicas: [ReplicaReport], load: InferenceLoad? = nil, revision: UInt64? = nil) {
        self.replicas = replicas
        self.load = load
        self.revision = revision
    }
}

/// What waits on an inference node now, and what became of requests since it started.
package struct InferenceLoad: Codable, Sendable, Equatable {
    package var queuedRows: Int
    package var answered: UInt64
    /// The queue was full.
    package var refused: UInt64
    /// Their time was over while they waited.
    package var expired: UInt64
    /// Taken back before they were answered, as by a client that left.
    package var cancelled: UInt64

    package init(
        queuedRows: Int = 0, answered: UInt64 = 0, refused: UInt64 = 0, expired: UInt64 = 0, cancelled: UInt64 = 0
    ) {
        self.queuedRows = queuedRows
        self.answered = answered
        self.refused = refused
        self.expired = expired
        self.cancelled = cancelled
    }
}
