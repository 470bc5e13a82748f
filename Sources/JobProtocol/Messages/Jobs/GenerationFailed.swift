package import ClusterProtocol
import Explanations
import Wire

/// Any rank to the coordinator when its generation cannot go on.
package struct GenerationFailed: ClusterMessage {
    package static let kind = MessageKind.generationFailed
    package static let path = MessagePath.workerToCoordinator
    package static let largestBytes = MessageBytes.words

    package var job: String
    package var generation: UInt64
    package var rank: Int
    package var reason: String
    /// True when another try cannot help: the job file or the data is at fault.
    package var permanent: Bool
    /// True when the disk of the rank's worker is full: that is no failed try. Nil, as from workers that know no such
    /// word: it is one.
    package var noRoom: Bool?

    /// - Parameter reason: as much of it is told as a failure may have.
    package init(
        job: String, generation: UInt64, rank: Int, reason: String, permanent: Bool, noRoom: Bool? = nil
    ) {
        self.job = job
        self.generation = generation
        self.rank = rank
        self.reason = reason.shortened(toBytes: WireLimits.failureMessageBytes)
        self.permanent = permanent
        self.noRoom = noRoom
    }
}

extension GenerationFailed {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(rank, "rank", in: 0...Check.ranks)
    }
}
