package import ClusterProtocol

/// Coordinator to worker: leave this generation now.
package struct StopGeneration: ClusterMessage {
    package static let kind = MessageKind.stop
    package static let path = MessagePath.coordinatorToWorker

    package var job: String
    package var generation: UInt64
    package var reason: String

    package init(job: String, generation: UInt64, reason: String) {
        self.job = job
        self.generation = generation
        self.reason = reason
    }
}

extension StopGeneration {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
    }
}
