import ClusterProtocol
import JobProtocol
import ControlPlane
import Explanations
import Training
import Wire

extension ControlLoop {
    /// All that is known of a job, over or not.
    func report(_ id: String) async throws(Failure) -> JobReport {
        if let job = plane.scheduler.job(id) {
            return JobReport(status: job.status, source: job.source, data: job.plan.map(DataSummary.init))
        }
        let stored = try await storedJob(id)
        let evaluation: JobEvaluation?
        do {
            evaluation = try await state.evaluation(ofJob: id)
        } catch {
            throw Self.unreadable(error)
        }
        let version = plane.model(stored.specification.name)?.versions.first { $0.version == stored.version }
        return JobReport(
            status: stored.status, source: stored.source, data: stored.data, evaluation: evaluation,
            version: version)
    }

    /// What the workers of a job did when.
    func trace(_ id: String) async throws(Failure) -> JobTrace {
        let isActive = plane.scheduler.job(id) != nil
        let profile: Bool
        if let job = plane.scheduler.job(id) {
            profile = job.profile
        } else {
            profile = try await storedJob(id).profile
        }
        guard profile else {
            throw Failure(
                .failedPrecondition, "\(id) was submitted without a profile; 'martlet train … --profile' asks for one")
        }
        let trace: JobTrace?
        do {
            trace = try await state.trace(ofJob: id)
        } catch {
            throw Self.unreadable(error)
        }
        guard let trace else {
            throw Failure(
                .failedPrecondition,
                isActive
                    ? "\(id) has no trace yet: the workers send it when the training ends"
                    : "\(id) has no trace: its training did not come to its end")
        }
        return trace
    }

    /// A job from the store. Throws a failure if there never was one of this name.
    func storedJob(_ id: String) async throws(Failure) -> StoredJob {
        let stored: StoredJob?
        do {
            stored = try await state.job(id)
        } catch {
            throw Self.unreadable(error)
        }
        guard let stored else {
            guard plane.scheduler.launch(id) == nil else {
                throw Failure(
                    .notFound,
                    "'\(id)' is a launch, no job: 'martlet jobs' shows how it stands, 'martlet job cancel \(id)' ends it, "
                        + "'martlet job logs \(id)' has what nodes logged of it; it leaves no model and nothing to delete"
                )
            }
            throw Failure(.notFound, "there is no job '\(id)'; 'martlet jobs' lists them")
        }
        return stored
    }

    static func unreadable(_ error: any Error) -> Failure {
        Failure(.internal, "the coordinator could not read its store: \(error.explanation)")
    }
}
