package import ClusterProtocol
package import Training

/// Every rank to the coordinator, once its byte ranges of the files are uploaded; answered when all ranks have said
/// the same and the checkpoint is committed.
package struct CheckpointCommit: ClusterMessage {
    package static let kind = MessageKind.checkpoint
    package static let path = MessagePath.workerToCoordinator

    package var job: String
    package var generation: UInt64
    package var rank: Int
    package var checkpoint: CheckpointReference
    package var modelBytes: Int
    package var optimizerBytes: Int
    /// From rank 0, the epochs since the last checkpoint that was committed, thinned; from the others nothing.
    package var curve: [EpochRecord]

    package init(
        job: String, generation: UInt64, rank: Int, checkpoint: CheckpointReference, modelBytes: Int,
        optimizerBytes: Int, curve: [EpochRecord]
    ) {
        self.job = job
        self.generation = generation
        self.rank = rank
        self.checkpoint = checkpoint
        self.modelBytes = modelBytes
        self.optimizerBytes = optimizerBytes
        self.curve = curve
    }
}

extension CheckpointCommit {
    package func check() throws(DocumentProblem) {
        try Check.text(job, "job")
        try Check.count(rank, "rank", in: 0...Check.ranks)
        try checkpoint.check("checkpoint")
        try Check.count(modelBytes, "modelBytes")
        try Check.count(optimizerBytes, "optimizerBytes")
        try curve.check()
    }
}
