package import ClusterProtocol
package import Checkpoints
import Foundation
package import Messaging
package import Training
import Wire

/// The operator's calls, typed, over a link under the operator's key.
package struct OperatorClient: Sendable {
    let link: any Link
    let timeout: Duration

    /// How long a promotion may take: nodes fetch, verify and warm up a model meanwhile.
    private static let promotionTimeout: Duration = .seconds(180)

    /// How long work on the whole store may take.
    private static let storeTimeout: Duration = .seconds(300)

    package init(link: any Link, timeout: Duration = .seconds(10)) {
        self.link = link
        self.timeout = timeout
    }

    package func submit(
        specification: JobSpecification, source: String, warnings: [String] = [], profile: Bool = false
    ) async throws -> JobStatus {
        try await change(SubmitJob(specification: specification, source: source, warnings: warnings, profile: profile))
    }

    package func report(_ job: String) async throws -> JobReport {
        try await call(ReportJob(id: job))
    }

    package func trace(_ job: String) async throws -> JobTrace {
        try await call(TraceJob(id: job))
    }

    /// - Parameter curveAfter: of the curve only the epochs behind this one are wanted; nil: all that are kept.
    package func job(_ id: String, curveAfter: Int? = nil) async throws -> JobStatus {
        try await call(ShowJob(id: id, curveAfter: curveAfter))
    }

    /// Some of the jobs, and how many there are.
    package struct JobList: Sendable {
        /// The newest first.
        package var jobs: [JobSummary]
        package var total: Int
    }

    /// - Parameter limit: how many are wanted at most; nil: all.
    package func jobs(newest limit: Int? = nil) async throws -> JobList {
        var list = JobList(jobs: [], total: 0)
        var before: Int?
        repeat {
            let page = try await call(ListJobs(before: before))
            list.jobs += page.jobs
            list.total = page.total
            before = page.next
        } while before != nil && list.jobs.count < limit ?? .max
        if let limit { list.jobs = Array(list.jobs.prefix(limit)) }
        return list
    }

    package func cancel(_ id: String) async throws -> JobStatus {
        try await change(CancelJob(id: id))
    }

    package func launch(_ command: RankCommand, name: String, workers: Int) async throws -> LaunchStatus {
        try await change(StartLaunch(name: name, workers: workers, command: command))
    }

    /// What the ranks of a launch printed since the report that gave `number`, and how it stands.
    package func launchReport(_ id: String, after number: Int) async throws -> LaunchReport {
        try await call(FollowLaunch(id: id, after: number))
    }

    package func cancelLaunch(_ id: String) async throws -> LaunchStatus {
        try await change(CancelLaunch(id: id))
    }

    /// All models with all versions, in the order of names.
    package func models() async throws -> [ModelStatus] {
        try await models(named: nil)
    }

    /// Throws a failure if there is none of this name.
    package func model(_ name: String) async throws -> ModelStatus {
        guard let model = try await models(named: name).first else {
            throw Failure(.notFound, "there is no model '\(name)'")
        }
        return model
    }

    /// A version's manifest as it was written, but for the golden rows. Those that stand in lists are shorter.
    package func manifest(of version: ModelStatus.Version) async throws -> Manifest {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try await download(version.manifest, to: file)
        return try Manifest.decode([UInt8](Data(contentsOf: file))).withoutGolden
    }

    private func models(named name: String?) async throws -> [ModelStatus] {
        var models: [ModelStatus] = []
        var place: ListModels.Place?
        repeat {
            let page = try await call(ListModels(model: name, after: place))
            for entry in page.entries {
                if models.last?.name != entry.model {
                    models.append(ModelStatus(name: entry.model, aliases: entry.aliases, versions: []))
                }
                models[models.count - 1].versions.insert(entry.version, at: 0)
            }
            place = page.next
        } while place != nil
        return models
    }

    package func promote(
        _ name: String, version: Int, to alias: String, force: Bool = false, reason: String = ""
    ) async throws -> PromotionOutcome {
        try await change(
            PromoteVersion(name: name, version: version, alias: alias, force: force, reason: reason),
            timeout: Self.promotionTimeout)
    }

    package func rollback(_ name: String, alias: String) async throws -> PromotionOutcome {
        try await change(RollBackAlias(name: name, alias: alias))
    }

    /// All versions where `version` is nil.
    package func deleteModel(_ name: String, version: Int?) async throws -> Deletion {
        try await change(DeleteModel(name: name, version: version))
    }

    package func deleteAlias(_ name: String, alias: String) async throws -> Deletion {
        try await change(DeleteAlias(name: name, alias: alias))
    }

    package func deleteJob(_ id: String) async throws -> Deletion {
        try await change(DeleteJob(id: id))
    }

    package func collect() async throws -> GarbageCollected {
        try await call(CollectGarbage(), timeout: Self.storeTimeout)
    }

    package func backUp() async throws -> BackupMade {
        try await call(BackUp(), timeout: Self.storeTimeout)
    }

    package func status() async throws -> ClusterStatus {
        try await call(ShowStatus())
    }

    /// A call that changes something. Throws `Failure` as the coordinator gave it, or `UnansweredCall`: then whether it has
    /// changed anything is not known.
    package func change<Call: OperatorCall>(_ change: Call, timeout: Duration? = nil) async throws -> Call.Answer {
        do {
            return try await call(change, timeout: timeout)
        } catch let error as MessagingError {
            switch error {
            case .timedOut, .notConnected, .closed: throw UnansweredCall(cause: error)
            default: throw error
            }
        }
    }

    /// A call that may be made again. Throws `Failure` as the coordinator gave it, or `MessagingError`.
    package func call<Call: OperatorCall>(_ call: Call, timeout: Duration? = nil) async throws -> Call.Answer {
        try await link.call(call, timeout: timeout ?? self.timeout)
    }
}
