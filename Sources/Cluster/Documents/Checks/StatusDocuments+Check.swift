import Explanations

extension NodeReport: CheckedDocument {
    /// Bytes of the line that says what a node does; versions on one node, models that a gateway counts.
    static let activityBytes = 1024
    private static let mostReplicas = 1 << 12
    private static let mostModels = 1 << 12

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
    /// With as much of the line as a table shows.
    var shortened: NodeReport {
        var report = self
        report.activity = activity.shortened(toBytes: Self.activityBytes)
        return report
    }
}

extension ClusterStatus: CheckedDocument {
    package func check() throws(DocumentProblem) {
        for job in jobs { try job.check() }
        for launch in launches { try launch.check() }
    }
}
