@testable import Coordinator
import Checkpoints
import Foundation
import Training
import Wire

@testable import ClusterProtocol
@testable import ControlPlane
@testable import JobProtocol

extension PinnedMessage {
    static var calls: [PinnedMessage] {
        [
            PinnedMessage(
                "operator.submit",
                SubmitJob(
                    specification: .example(), source: "name: digits", warnings: ["careful"], profile: true)),
            PinnedMessage("operator.job", ShowJob(id: "digits-1", curveAfter: 3)),
            PinnedMessage("operator.report", ReportJob(id: "digits-1")),
            PinnedMessage("operator.trace", TraceJob(id: "digits-1")),
            PinnedMessage("operator.cancel", CancelJob(id: "digits-1")),
            PinnedMessage("operator.delete-job", DeleteJob(id: "digits-1")),
            PinnedMessage("operator.cancel-launch", CancelLaunch(id: "x-2")),
            PinnedMessage("operator.jobs", ListJobs(before: 9)),
            PinnedMessage(
                "operator.models", ListModels(model: "digits", after: .init(model: "digits", version: 2))),
            PinnedMessage(
                "operator.promote",
                PromoteVersion(name: "digits", version: 1, alias: "production", force: true, reason: "why")),
            PinnedMessage("operator.rollback", RollBackAlias(name: "digits", alias: "production")),
            PinnedMessage("operator.delete-model", DeleteModel(name: "digits", version: 1)),
            PinnedMessage("operator.delete-alias", DeleteAlias(name: "digits", alias: "production")),
            PinnedMessage("operator.gc", CollectGarbage()),
            PinnedMessage("operator.backup", BackUp()),
            PinnedMessage("operator.status", ShowStatus()),
            PinnedMessage("operator.launch", StartLaunch(name: "x", workers: 1, command: .example)),
            PinnedMessage("operator.launch-output", FollowLaunch(id: "x-2", after: 4)),
        ]
    }

    static var answers: [PinnedMessage] {
        let promotion = PromotionOutcome(
            name: "digits", alias: "production", version: 2, previous: 1, replicas: ["inference-0"], routingEpoch: 3,
            behind: ["gateway-0"], unchanged: true)
        let deletion = Deletion(deleted: ["digits:2"], behind: ["gateway-0"])
        return [
            PinnedMessage("operator.submit answer", JobStatus.pinned),
            PinnedMessage("operator.job answer", JobStatus.pinned),
            PinnedMessage("operator.cancel answer", JobStatus.pinned),
            PinnedMessage(
                "operator.report answer",
                JobReport(
                    status: .pinned, source: "name: digits", data: DataSummary(of: .example()), evaluation: .pinned,
                    version: .pinned)),
            PinnedMessage("operator.trace answer", JobTrace.example),
            PinnedMessage(
                "operator.jobs answer", JobsPage(jobs: [JobSummary(of: .pinned)], next: 3, total: 12)),
            PinnedMessage(
                "operator.models answer",
                ModelsPage(
                    entries: [.init(model: "digits", aliases: ["production": 2], version: .pinned)],
                    next: .init(model: "digits", version: 2))),
            PinnedMessage("model", ModelStatus(name: "digits", aliases: ["production": 2], versions: [.pinned])),
            PinnedMessage("operator.promote answer", promotion),
            PinnedMessage("operator.rollback answer", promotion),
            PinnedMessage("operator.delete-model answer", deletion),
            PinnedMessage("operator.delete-alias answer", deletion),
            PinnedMessage("operator.delete-job answer", deletion),
            PinnedMessage("operator.gc answer", GarbageCollected.pinned),
            PinnedMessage(
                "operator.backup answer",
                BackupMade(
                    folder: "/data/backup",
                    summary: BackupSummary(cluster: "local-1", versions: 1, jobs: 2, contents: 3, contentBytes: 4))),
            PinnedMessage("operator.status answer", ClusterStatus.pinned),
            PinnedMessage("operator.launch answer", LaunchStatus.pinned),
            PinnedMessage("operator.cancel-launch answer", LaunchStatus.pinned),
            PinnedMessage(
                "operator.launch-output answer",
                LaunchReport(status: .pinned, lines: [.init(rank: 1, text: "hello")], missed: 2, next: 9)),
        ]
    }
}

extension Date {
    fileprivate static let pinned = Date(timeIntervalSince1970: 1_800_000_000.5)
}

extension JobStatus {
    fileprivate static var pinned: JobStatus {
        var status = JobStatus(
            id: "digits-1", name: "digits", state: .finished, detail: "epochs", submitted: .pinned, started: .pinned,
            ended: .pinned, generation: 2, workers: ["worker-0"], progress: .pinned, curve: [.example(1)],
            metrics: ["accuracy": 0.5], warnings: ["careful"], version: 1, specification: .example())
        status.storageProblem = "cannot store: disk full"
        return status
    }
}

extension ModelStatus.Version {
    fileprivate static var pinned: ModelStatus.Version {
        var details = Manifest.example()
        details.codeVersion = "0.1.0"
        details.parent = .fake("parent")
        details.outputMeaning = "classes"
        return ModelStatus.Version(
            version: 1, manifest: .fake("manifest"), details: details,
            gate: .init(passed: false, figures: ["accuracy is 0.5, must be >= 0.9"]), replicas: ["inference-0"])
    }
}

extension GarbageCollected {
    fileprivate static var pinned: Self {
        let size = StateSize(databaseBytes: 100, logBytes: 10, finishedJobs: 1)
        var collection = Self(
            contents: 3, contentBytes: 300, skipped: "jobs run",
            pruned: PrunedState(jobs: 1, traces: 2, promotions: 3),
            before: size, after: size)
        collection.stateProblem = "busy"
        collection.obstacles = ["no content"]
        collection.gaps = [ContentGap(digest: .fake("gap"), problem: .missing, neededBy: ["digits:1"])]
        return collection
    }
}

extension LaunchStatus {
    fileprivate static var pinned: LaunchStatus {
        LaunchStatus(
            id: "x-2", state: .failed, detail: "rank 0 exited with status 1", command: .example, workersAsked: 1,
            workers: ["worker-0"], submitted: .pinned, started: .pinned, ended: .pinned)
    }
}

extension ClusterStatus {
    fileprivate static var pinned: ClusterStatus {
        let traffic = GatewayReport.Traffic(
            requestsPerSecond: 1, p50Milliseconds: 2.5, p99Milliseconds: 3, errorsPerSecond: 0)
        var status = ClusterStatus(
            clusterID: "local-1", version: "0.1.0",
            nodes: [
                NodeStatus(
                    name: "inference-0", role: .inference, state: .suspect, endpoint: "tcp://127.0.0.1:40001",
                    host: "here", processID: 17, since: .pinned, lastSeen: .pinned, cpuPercent: 98.5,
                    residentBytes: 41_300_000, activity: "digits:1 ready",
                    cache: CacheReport(bytes: 12, limit: 40, evictions: 3), load: InferenceLoad(queuedRows: 3))
            ], jobs: [JobSummary(of: .pinned)], launches: [.pinned],
            models: [ServedModel(name: "digits", alias: "production", version: 1, replicasReady: 2, traffic: traffic)],
            state: StateStatus(
                size: StateSize(databaseBytes: 100, logBytes: 10, finishedJobs: 1), retention: RetentionPolicy()))
        status.omitted = Omitted(jobs: 1, launches: 2, models: 3)
        return status
    }
}
