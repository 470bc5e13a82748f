package import ClusterProtocol

/// Rank 0 to the coordinator when training and evaluation are over; repeated until acknowledged.
package struct GenerationFinished: ClusterMessage {
    package static let kind = MessageKind.finished
    package static let path = MessagePath.workerToCoordinator

    package var job: String
    package var generation: UInt64
    package var result: JobResult

    package init(job: String, generation: UInt64, result: JobResult) {
        self.job = job
        self.generation = generation
        self.result = result
    }
}

extension GenerationFinished {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(result.modelBytes, "result.modelBytes")
        try Check.count(result.epoch, "result.epoch")
        try Check.count(result.step, "result.step")
        try Check.text(result.stopped, "result.stopped")
        try result.metrics.check("result.metrics", atMost: 64)
        try result.curve.check()
        try result.golden.check()
        try result.evaluation?.check()
    }
}
