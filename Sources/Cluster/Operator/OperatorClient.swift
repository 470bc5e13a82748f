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
        try await call(
            "submit",
            OperatorCall.Submit(specification: specification, source: source, warnings: warnings, profile: profile))
    }

    package func report(_ job: String) async throws -> JobReport {
        try await call("report", OperatorCall.Job(id: job))
    }

    package func trace(_ job: String) async throws -> JobTrace {
        try await call("trace", OperatorCall.Job(id: job))
    }

    package func job(_ id: String) async throws -> JobStatus {
        try await call("job", OperatorCall.Job(id: id))
    }

    package func jobs() async throws -> [JobStatus] {
        try await call("jobs", OperatorCall.Nothing())
    }

    package func cancel(_ id: String) async throws -> JobStatus {
        try await call("cancel", OperatorCall.Job(id: id))
    }

    package func launch(_ command: RankCommand, name: String, workers: Int) async throws -> LaunchStatus {
        try await call("launch", OperatorCall.Launch(name: name, workers: workers, command: command))
    }

    /// What the ranks of a launch printed since the report that gave `number`, and how it stands.
    package func launchReport(_ id: String, after number: Int) async throws -> LaunchReport {
        try await call("launch-output", OperatorCall.LaunchOutput(id: id, after: number))
    }

    package func cancelLaunch(_ id: String) async throws -> LaunchStatus {
        try await call("cancel-launch", OperatorCall.Job(id: id))
    }

    package func models() async throws -> [ModelStatus] {
        try await call("models", OperatorCall.Nothing())
    }

    package func model(_ name: String) async throws -> ModelStatus {
        try await call("model", OperatorCall.Model(name: name))
    }

    package func promote(
        _ name: String, version: Int, to alias: String, force: Bool = false, reason: String = ""
    ) async throws -> OperatorCall.Promotion {
        try await call(
            "promote",
            OperatorCall.Promote(name: name, version: version, alias: alias, force: force, reason: reason),
            timeout: Self.promotionTimeout)
    }

    package func rollback(_ name: String, alias: String) async throws -> OperatorCall.Promotion {
        try await call("rollback", OperatorCall.Rollback(name: name, alias: alias))
    }

    /// All versions where `version` is nil.
    package func deleteModel(_ name: String, version: Int?) async throws -> OperatorCall.Deletion {
        try await call("delete-model", OperatorCall.DeleteModel(name: name, version: version))
    }

    package func deleteAlias(_ name: String, alias: String) async throws -> OperatorCall.Deletion {
        try await call("delete-alias", OperatorCall.DeleteAlias(name: name, alias: alias))
    }

    package func deleteJob(_ id: String) async throws -> OperatorCall.Deletion {
        try await call("delete-job", OperatorCall.Job(id: id))
    }

    package func collect() async throws -> OperatorCall.Collection {
        try await call("gc", OperatorCall.Nothing(), timeout: Self.storeTimeout)
    }

    package func backUp() async throws -> OperatorCall.Backup {
        try await call("backup", OperatorCall.Nothing(), timeout: Self.storeTimeout)
    }

    package func status() async throws -> ClusterStatus {
        try await call("status", OperatorCall.Nothing())
    }

    /// Throws `Failure` as the coordinator gave it, or `MessagingError`.
    private func call<Answer: Decodable>(
        _ name: String, _ value: some Encodable, timeout: Duration? = nil
    ) async throws -> Answer {
        let kind = "operator.\(name)"
        let request = Message(.document(try Document(kind: kind, value)))
        let answer = try await link.request(request, timeout: timeout ?? self.timeout)
        guard case .document(let document) = answer.envelope.body, document.kind == kind else {
            throw Failure(.internal, "the coordinator answered '\(kind)' with something else")
        }
        return try document.decode()
    }
}
