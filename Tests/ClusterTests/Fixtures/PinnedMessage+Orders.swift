import Foundation
import Messaging
import Training
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import JobProtocol

extension RankAddress {
    /// The same one always.
    static var pinned: RankAddress {
        RankAddress(
            publicKey: PublicKey(z85: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")!, endpoint: "tcp://127.0.0.1:7000")
    }
}

extension StateIdentity {
    static let pinned = StateIdentity(cluster: "local-1", start: "5f0c")
}

extension PinnedMessage {
    static var orders: [PinnedMessage] {
        var assignment = Assignment.example
        assignment.start = StartingPoint(base: "digits:3", model: .fake("base"), manifest: .fake("manifest"))
        assignment.start?.misfit = "the head has 10 outputs, not 3"
        assignment.profile = true
        return [
            PinnedMessage("assign", assignment),
            PinnedMessage("stop", StopGeneration(job: "digits-1", generation: 1, reason: "worker-1 is dead")),
            PinnedMessage(
                "launch", LaunchAssignment(launch: "x-2", generation: 2, rank: 0, worldSize: 1, command: .example)),
            PinnedMessage(
                "roster", LaunchRoster(launch: "x-2", generation: 2, ranks: [.init(node: "worker-0", address: .pinned)])
            ),
            PinnedMessage("load", LoadReplica(model: "digits", version: 1, manifest: .fake("m"))),
            PinnedMessage("unload", UnloadReplica(model: "digits", version: 1)),
            PinnedMessage("routing", RoutingTable(epoch: 3, source: .pinned, models: RoutingTable.example.models)),
        ]
    }

    static var reports: [PinnedMessage] {
        var report = NodeReport.example
        report.inference?.revision = 9
        report.gateway?.routingSource = .pinned
        report.cache = CacheReport(bytes: 10, limit: 20, evictions: 1, damaged: 2)
        func ended(_ name: String, _ status: RankEnded.Status) -> PinnedMessage {
            PinnedMessage(
                name,
                RankEnded(launch: "x-2", generation: 2, rank: 0, status: status, tail: ["bye", "\u{1}"], printed: 7))
        }
        return [
            PinnedMessage("report", report),
            PinnedMessage("progress", ProgressReport.pinned),
            PinnedMessage(
                "checkpoint",
                CheckpointCommit(
                    job: "digits-1", generation: 1, rank: 0, checkpoint: .example(step: 1), modelBytes: 10,
                    optimizerBytes: 20, curve: [.example(1)])),
            PinnedMessage("trace", TraceReport(job: "digits-1", generation: 1, trace: .example)),
            PinnedMessage(
                "finished",
                GenerationFinished(job: "digits-1", generation: 1, result: .example(evaluation: .pinned))),
            PinnedMessage(
                "generation-failed",
                GenerationFailed(
                    job: "digits-1", generation: 1, rank: 0, reason: "disk full", permanent: false, noRoom: true)),
            PinnedMessage("rank-ready", RankReady(launch: "x-2", generation: 2, rank: 0, address: .pinned)),
            PinnedMessage(
                "rank-output", RankOutput(launch: "x-2", generation: 2, rank: 0, first: 5, lines: ["hello", "a/b"])),
            ended("rank-ended, exited", .exited(1)),
            ended("rank-ended, signalled", .signalled(9)),
            ended("rank-ended, not started", .notStarted("no such file")),
            PinnedMessage(
                "replica",
                ReplicaReport(
                    model: "digits", version: 1, manifest: .fake("m"), state: .failed, reason: "too large", revision: 4)
            ),
            PinnedMessage("routed", RoutingPosition(source: .pinned, epoch: 3)),
            PinnedMessage("hello", GroupHello(group: 1, rank: 1, codeVersion: "0.1.0")),
        ]
    }
}

extension ProgressReport {
    /// A loss that is no number is what people most want to hear of.
    static var pinned: ProgressReport {
        ProgressReport(
            job: "digits-1", generation: 1, epoch: 1, epochs: 3, step: 2, steps: 10, loss: .nan,
            samplesPerSecond: 100.5, secondsLeft: .infinity)
    }
}

extension JobEvaluation {
    /// Of a machine that is no test's.
    static var pinned: JobEvaluation {
        var evaluation = JobEvaluation.example
        evaluation.machines = [
            Machine(
                worker: "worker-0", host: "here", processor: "AMD EPYC", cores: 2, memoryBytes: 1 << 34,
                system: "Debian", version: "0.1.0")
        ]
        return evaluation
    }
}
