package import JobProtocol
package import ClusterProtocol
package import Checkpoints
package import Digests
package import Training
package import Wire

/// What the coordinator's shell must do after an event, once its changes are stored.
package enum Action: Sendable, Equatable {
    case answer(RequestID, Answer)
    /// Deliver to a node and report back how it answered.
    case order(Order, node: String, incarnation: UInt64)
    /// Send to every gateway; one that misses it is found by its next heartbeat.
    case publish(RoutingTable, gateways: [String])
    /// Index and check the data of a job and what it starts from, then report `prepared`, `preparationFailed`, or
    /// `preparationDied` if that came to no end.
    case prepare(job: String, JobSpecification, start: StartingPoint? = nil)
    /// Nobody wants the result of a preparation any more; its end is reported all the same.
    case stopPreparation(job: String)
    /// Make the uploaded files of a checkpoint permanent, then report `checkpointStored`.
    case storeCheckpoint(CheckpointUpload)
    /// Write the manifest of a finished job into the store, then report `registered`.
    case storeManifest(job: String, generation: UInt64, Manifest)
    /// The generation is over: what was uploaded for it and not committed can go.
    case discardUploads(job: String, generation: UInt64)
    /// Contents that nothing refers to any more.
    case release(Set<ContentDigest>)
    case log(LogEntry)
}

/// Names one request from the wire until it is answered.
package struct RequestID: Codable, Sendable, Hashable {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }
}

package enum Answer: Sendable, Equatable {
    case acknowledgement
    case failure(Failure)
    case joined(Joined)
    case heartbeat(HeartbeatReply)
    case job(JobStatus)
    case promotion(PromotionOutcome)
    case deletion(Deletion)
    case collection(GarbageCollected)
    case backup(BackupMade)
    case launch(LaunchStatus)
}

/// A document from the coordinator that a node must acknowledge.
package enum Order: Sendable, Equatable {
    case assign(Assignment)
    case stop(StopGeneration)
    case launch(LaunchAssignment)
    case roster(LaunchRoster)
    case load(LoadReplica)
    case unload(UnloadReplica)
}

/// The files of one checkpoint, uploaded in parts by all ranks of a generation.
package struct CheckpointUpload: Codable, Sendable, Equatable {
    package var job: String
    package var generation: UInt64
    package var checkpoint: CheckpointReference
    package var modelBytes: Int
    package var optimizerBytes: Int

    package init(
        job: String, generation: UInt64, checkpoint: CheckpointReference, modelBytes: Int, optimizerBytes: Int
    ) {
        self.job = job
        self.generation = generation
        self.checkpoint = checkpoint
        self.modelBytes = modelBytes
        self.optimizerBytes = optimizerBytes
    }
}
