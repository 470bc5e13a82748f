import Explanations

extension NodeReport {
    /// Bytes of the line that says what a node does; versions on one node, models that a gateway counts.
    static let activityBytes = 1024
    package static let mostReplicas = 1 << 12
    static let mostModels = 1 << 12

    package func check() throws(DocumentProblem) {
        try Check.text(worker?.job ?? "", "worker.job")
        if let inference {
            try Check.length(inference.replicas.count, "inference.replicas", atMost: Self.mostReplicas)
            for replica in inference.replicas { try replica.check() }
            try Check.count(inference.load?.queuedRows ?? 0, "inference.load.queuedRows")
        }
        if let gateway {
            try Check.length(gateway.traffic.count, "gateway.traffic", atMost: Self.mostModels)
            for (model, traffic) in gateway.traffic {
                try Check.text(model, "gateway.traffic")
                for rate in [
                    traffic.requestsPerSecond, traffic.p50Milliseconds, traffic.p99Milliseconds,
                    traffic.errorsPerSecond,
                ] {
                    try Check.finite(rate, "gateway.traffic.\(model)")
                }
            }
        }
    }
}

extension NodeReport {
    /// With as much as a report may hold, and of the line what a table shows: a node that has more to tell leaves it out
    /// and lives.
    package var shortened: NodeReport {
        var report = self
        report.activity = activity.shortened(toBytes: Self.activityBytes)
        if let replicas = inference?.replicas, replicas.count > Self.mostReplicas {
            report.inference?.replicas = Array(replicas.prefix(Self.mostReplicas))
        }
        report.inference?.shortenReasons()
        if let traffic = gateway?.traffic, traffic.count > Self.mostModels {
            let busiest = traffic.sorted { $0.value.requestsPerSecond > $1.value.requestsPerSecond }
            report.gateway?.traffic = Dictionary(
                uniqueKeysWithValues: busiest.prefix(Self.mostModels).map { ($0.key, $0.value) })
        }
        return report
    }
}

extension InferenceReport {
    /// Bytes of the reasons of all replicas, and of one. In JSON a byte takes up to six: with so many the report of as
    /// many replicas as there may be is well below what a heartbeat holds.
    private static let bytesOfReasons = 384 << 10
    private static let bytesOfReason = 4 << 10

    /// A node on which very many versions failed says less of each.
    fileprivate mutating func shortenReasons() {
        let failed = replicas.indices.filter { !replicas[$0].reason.isEmpty }
        guard !failed.isEmpty else { return }
        let limit = min(Self.bytesOfReason, Self.bytesOfReasons / failed.count)
        for place in failed { replicas[place].reason = replicas[place].reason.shortened(toBytes: limit) }
    }
}
