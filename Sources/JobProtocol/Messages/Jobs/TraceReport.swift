package import ClusterProtocol

/// Rank 0 to the coordinator, before it reports that it has finished.
package struct TraceReport: ClusterMessage {
    package static let kind = MessageKind.trace
    package static let path = MessagePath.workerToCoordinator

    package var job: String
    package var generation: UInt64
    package var trace: JobTrace

    package init(job: String, generation: UInt64, trace: JobTrace) {
        self.job = job
        self.generation = generation
        self.trace = trace
    }
}

extension TraceReport {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try trace.check()
    }
}
