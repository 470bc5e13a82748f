package import JobProtocol
package import ClusterProtocol
import Digests
import Explanations
import NeuralNetworks
package import Training
import Wire

extension Scheduler {
    package mutating func submit(
        _ specification: JobSpecification, source: String, warnings: [String] = [], profile: Bool = false,
        start: StartingPoint? = nil, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        if let refusal = refusal(of: specification) {
            return effects.answer(request, .failure(refusal))
        }
        lastJobNumber += 1
        var job = Job(
            id: "\(specification.name)-\(lastJobNumber)", number: lastJobNumber, specification: specification,
            source: source, submitted: now.date,
            warnings: Self.bounded(warnings),
            profile: profile, start: start)
        if let preparing { job.detail = "waits until the data of \(preparing) is read" }
        jobs.append(job)
        effects.answer(request, .job(job.status))
        log(.info, "job submitted", job: job.id, into: &effects)
        prepareNext(at: now, into: &effects)
        if preparing != job.id { save(job.id, into: &effects) }
    }

    /// Warnings that are kept with a job, and characters of each.
    private static let warningLimit = 50
    private static let warningLength = 1000

    static func bounded(_ warnings: [String]) -> [String] {
        warnings.prefix(warningLimit).map { String($0.prefix(warningLength)) }
    }

    /// False when no such job is active: it is over, or was never there.
    @discardableResult
    package mutating func cancel(_ id: String, request: RequestID, at now: Moment, into effects: inout Effects) -> Bool
    {
        guard let job = job(id) else { return false }
        if let generation = job.running {
            dismiss(generation, of: id, reason: "the job was cancelled", at: now, into: &effects)
        }
        if preparing == id { effects.act(.stopPreparation(job: id)) }
        end(id, as: .cancelled, detail: "cancelled by the operator", at: now, into: &effects)
        var status = job.status
        status.state = .cancelled
        status.detail = "cancelled by the operator"
        status.ended = now.date
        effects.answer(request, .job(status))
        schedule(at: now, into: &effects)
        return true
    }

    /// The job is to be cancelled, and that cannot be stored yet: its workers leave it, and it does not begin again.
    /// Stores nothing, so a coordinator that is started again before it is cancelled goes on with it.
    ///
    /// False when no such job is active.
    @discardableResult
    package mutating func halt(
        _ id: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) -> Bool {
        guard let job = job(id) else { return false }
        if let generation = job.running {
            dismiss(generation, of: id, reason: "the job was cancelled", at: now, into: &effects)
            change(id) {
                $0.state = .waiting
                $0.progress = nil
            }
        }
        change(id) {
            $0.isHalted = true
            $0.detail = "stopped; cancelled as soon as the coordinator can store that"
        }
        if let status = self.job(id)?.status { effects.answer(request, .job(status)) }
        return true
    }

    /// Takes the job out of the queue for good.
    mutating func end(
        _ id: String, as state: JobStatus.State, detail: String, at now: Moment, version: Int? = nil,
        result: TrainingResult? = nil, into effects: inout Effects
    ) {
        guard let job = job(id) else { return }
        let detail = detail.shortened(toBytes: Self.detailBytes)
        var stored = job.stored(ended: state, detail: detail, at: now.date)
        stored.version = version
        if let result {
            stored.metrics = result.metrics
            let missing = job.specification.unmeasured(in: result.metrics, foretold: job.warnings)
            stored.warnings = Self.bounded(stored.warnings + missing)
            for finding in missing { log(.warning, finding, job: id, into: &effects) }
            stored.curve = result.curve.thinned()
        }
        log(state == .failed ? .error : .info, "job \(state.rawValue)", job: id, ["detail": detail], into: &effects)
        jobs.removeAll { $0.id == id }
        effects.save(.job(stored))
        if let evaluation = result?.evaluation { effects.save(.evaluation(evaluation, job: id)) }
        effects.save(.dropPlan(job: id))
    }

    /// The job file was checked where it was read; what would break the coordinator is checked again here.
    private func refusal(of specification: JobSpecification) -> Failure? {
        if jobs.count >= policy.activeJobs {
            return Failure(
                .queueFull,
                "\(counted(jobs.count, "job is", "jobs are")) waiting or running, which is the limit; cancel one or wait for one to end"
            )
        }
        if !ClusterName.isValid(specification.name) {
            return Failure(.invalidArgument, ClusterName.expectation(for: "the job's name", got: specification.name))
        }
        if let problem = specification.train.problem(outputs: specification.model.outputs) {
            return Failure(.invalidArgument, problem)
        }
        return nil
    }
}
