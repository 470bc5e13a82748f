/// What a node tells of itself with every heartbeat.
package struct NodeReport: CheckedDocument, Equatable {
    /// Of the document inside the heartbeat.
    static let kind = "report"

    /// One line for `martlet status`: "idle", "digits-3: epoch 4/20", "digits:2 ready".
    package var activity: String
    package var worker: WorkerReport?
    package var inference: InferenceReport?
    package var gateway: GatewayReport?
    /// Of workers and inference nodes.
    package var cache: CacheReport?

    package init(
        activity: String, worker: WorkerReport? = nil, inference: InferenceReport? = nil,
        gateway: GatewayReport? = nil, cache: CacheReport? = nil
    ) {
        self.activity = activity
        self.worker = worker
        self.inference = inference
        self.gateway = gateway
        self.cache = cache
    }
}
