package import Datasets
import Digests
package import Training
import Wire

extension Scheduler {
    package mutating func submit(
        _ specification: JobSpecification, source: String, warnings: [String] = [], profile: Bool = false,
        start: StartingPoint? = nil, request: RequestID, at now: Moment
    ) -> [Action] {
        if let refusal = refusal(of: specification) {
            return [.answer(request, .failure(refusal))]
        }
        lastJobNumber += 1
        let job = Job(
            id: "\(specification.name)-\(lastJobNumber)", number: lastJobNumber, specification: specification,
            source: source, submitted: now.date,
            warnings: warnings.prefix(Self.warningLimit).map { String($0.prefix(Self.warningLength)) },
            profile: profile, start: start)
        jobs.append(job)
        save(job.id)
        actions.append(.answer(request, .job(job.status)))
        actions.append(.prepare(job: job.id, specification, start: start))
        log(.info, "job submitted", job: job.id)
        return drain()
    }

    /// Warnings that are kept with a job, and characters of each.
    private static let warningLimit = 50
    private static let warningLength = 1000

    /// The data of a job is indexed, checked and cut into shards, and what it starts from is in the store.
    package mutating func prepared(
        _ id: String, plan: DataPlan, start: StartingPoint? = nil, at now: Moment
    ) -> [Action] {
        guard let job = job(id), job.state == .preparing else { return [] }
        change(id) {
            $0.plan = plan
            $0.start = start
            $0.state = .waiting
        }
        actions.append(.save(.plan(plan, job: id)))
        save(id)
        log(
            .info, "data indexed", job: id,
            ["rows": "\(plan.rows)", "training": "\(plan.trainingRows)", "data": plan.digest.short])
        for note in plan.notes ?? [] { log(.warning, "\(note)", job: id) }
        schedule(at: now)
        return drain()
    }

    package mutating func preparationFailed(_ id: String, reason: String, at now: Moment) -> [Action] {
        guard let job = job(id), job.state == .preparing else { return [] }
        end(id, as: .failed, detail: reason, at: now)
        return drain()
    }

    /// Nil when no such job is active: it is over, or was never there.
    package mutating func cancel(_ id: String, request: RequestID, at now: Moment) -> [Action]? {
        guard let job = job(id) else { return nil }
        if let generation = job.running {
            dismiss(generation, of: id, reason: "the job was cancelled", at: now)
        }
        end(id, as: .cancelled, detail: "cancelled by the operator", at: now)
        var status = job.status
        status.state = .cancelled
        status.detail = "cancelled by the operator"
        status.ended = now.date
        actions.append(.answer(request, .job(status)))
        schedule(at: now)
        return drain()
    }

    /// Takes the job out of the queue for good.
    mutating func end(
        _ id: String, as state: JobStatus.State, detail: String, at now: Moment, version: Int? = nil,
        result: TrainingResult? = nil
    ) {
        guard let job = job(id) else { return }
        let detail = detail.shortened(toBytes: Self.detailBytes)
        var stored = job.stored(ended: state, detail: detail, at: now.date)
        stored.version = version
        if let result {
            stored.metrics = result.metrics
            stored.curve = result.curve.thinned()
        }
        log(state == .failed ? .error : .info, "job \(state.rawValue)", job: id, ["detail": detail])
        jobs.removeAll { $0.id == id }
        actions.append(.save(.job(stored)))
        if let evaluation = result?.evaluation { actions.append(.save(.evaluation(evaluation, job: id))) }
        actions.append(.save(.dropPlan(job: id)))
    }

    /// The job file was checked where it was read; what would break the coordinator is checked again here.
    private func refusal(of specification: JobSpecification) -> Failure? {
        if jobs.count >= policy.activeJobs {
            return Failure(
                .queueFull,
                "\(jobs.count) jobs are waiting or running, which is the limit; cancel one or wait for one to end")
        }
        if !ClusterName.isValid(specification.name) {
            return Failure(.invalidArgument, ClusterName.expectation(for: "the job's name", got: specification.name))
        }
        let counts = [
            ("train.workers", specification.train.workers), ("train.slices", specification.train.slices),
            ("train.batch_size", specification.train.batchSize ?? 1),
            ("train.accumulate", specification.train.accumulation), ("train.epochs", specification.train.epochs),
        ]
        for (key, count) in counts where count < 1 {
            return Failure(.invalidArgument, "\(key) is \(count), expected at least 1")
        }
        if let batchSize = specification.train.batchSize, batchSize < specification.train.slices {
            return Failure(
                .invalidArgument,
                "train.batch_size is \(batchSize), but each batch is cut into "
                    + "\(specification.train.slices) slices; expected at least one row a slice")
        }
        return nil
    }
}
