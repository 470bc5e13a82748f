package import ClusterProtocol
import Explanations
import Wire

/// Coordinator to worker: leave this generation now.
package struct StopGeneration: ClusterMessage {
    package static let kind = MessageKind.stop
    package static let path = MessagePath.coordinatorToWorker
    package static let largestBytes = MessageBytes.words

    package var job: String
    package var generation: UInt64
    package var reason: String

    /// - Parameter reason: as much of it as a failure may have: it may have the last words of a program.
    package init(job: String, generation: UInt64, reason: String) {
        self.job = job
        self.generation = generation
        self.reason = reason.shortened(toBytes: WireLimits.failureMessageBytes)
    }
}

extension StopGeneration {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
    }
}
