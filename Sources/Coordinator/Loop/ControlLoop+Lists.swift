import JobProtocol
import ControlPlane
import ClusterProtocol
import Explanations
import Wire

/// Answers that may be long: page by page, from the newest job and the first model on.
extension ControlLoop {
    /// Jobs read from the store for one page.
    private static let jobsOfPage = 100

    func jobs(_ call: ListJobs) async throws(Failure) -> JobsPage {
        let active = plane.scheduler.jobs.filter { $0.number < call.before ?? .max }
        do {
            let (over, count) = try await state.jobList(before: call.before ?? .max, limit: Self.jobsOfPage)
            // A page of the store that is full says nothing of older jobs, so neither may the active ones among them.
            let oldest = over.count == Self.jobsOfPage ? over.last?.number ?? 0 : 0
            let found =
                over.map { ($0.number, JobSummary(of: $0.status)) }
                + active.filter { $0.number >= oldest }.map { ($0.number, JobSummary(of: status(of: $0))) }
            let sorted = found.sorted { $0.0 > $1.0 }
            let jobs = Array(try Page.fitting(sorted.map(\.1)))
            let isLast = oldest == 0 && jobs.count == sorted.count
            return JobsPage(
                jobs: jobs, next: isLast ? nil : sorted[max(0, jobs.count - 1)].0,
                total: count + plane.scheduler.jobs.count)
        } catch {
            throw Self.unreadable(error)
        }
    }

    func models(_ call: ListModels) throws(Failure) -> ModelsPage {
        if let name = call.model, plane.deployment.registry.versions[name] == nil {
            throw plane.deployment.noSuchModel(name)
        }
        do {
            let entries = plane.versions(of: call.model, after: call.after, limit: Self.jobsOfPage)
            let page = Array(try Page.fitting(entries))
            let isLast = entries.count < Self.jobsOfPage && page.count == entries.count
            let next = page.last.map { ListModels.Place(model: $0.model, version: $0.version.version) }
            return ModelsPage(entries: page, next: isLast ? nil : next)
        } catch {
            throw Failure(.internal, "the list of models cannot be written: \(error.explanation)")
        }
    }

    func status() async throws(Failure) -> ClusterStatus {
        var status = try await clusterStatus()
        status.nodes.insert(ownStatus(), at: 0)
        status.state = try await stateStatus()
        return status
    }

    private func clusterStatus() async throws(Failure) -> ClusterStatus {
        do {
            let (over, count) = try await state.jobList(before: .max, limit: configuration.finishedJobsShown)
            return try plane.status(
                jobs: plane.scheduler.jobs.reversed().map { JobSummary(of: self.status(of: $0)) }
                    + over.map { JobSummary(of: $0.status) }, of: count + plane.scheduler.jobs.count)
        } catch {
            throw Self.unreadable(error)
        }
    }

    /// A job that is not over, and what keeps it from being stored.
    func status(of job: Job) -> JobStatus {
        var status = job.status
        status.storageProblem = storageProblem
        return status
    }
}
