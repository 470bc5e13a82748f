package import JobProtocol
package import ClusterProtocol
package import Datasets
import Digests
import Explanations
import Training
import Wire

extension Scheduler {
    /// Begins to prepare the next job, if none is being prepared. That it begins is stored first: what takes the whole
    /// process with it is not tried for ever.
    mutating func prepareNext(at now: Moment, into effects: inout Effects) {
        while preparing == nil, let job = jobs.first(where: { $0.state == .preparing && !$0.isHalted }) {
            guard job.preparations < policy.preparationAttempts else {
                giveUpPreparing(job, at: now, into: &effects)
                continue
            }
            preparing = job.id
            change(job.id) {
                $0.preparations += 1
                $0.detail = "reads \(job.specification.data.path)"
            }
            save(job.id, into: &effects)
            effects.act(.prepare(job: job.id, job.specification, start: job.start))
        }
    }

    /// The data of a job is indexed, checked and cut into shards, and what it starts from is in the store.
    package mutating func prepared(
        _ id: String, plan: DataPlan, start: StartingPoint? = nil, at now: Moment, into effects: inout Effects
    ) {
        if preparing == id { preparing = nil }
        if let job = job(id), job.state == .preparing {
            let findings =
                (plan.notes ?? []).map { "data: \($0)" } + (start?.misfit.map { [$0] } ?? [])
                + job.specification.unmeasured(on: plan).map { "\($0.key): \($0.message)" }
            change(id) {
                $0.plan = plan
                $0.start = start
                $0.warnings = Self.bounded($0.warnings + findings)
                $0.state = .waiting
            }
            effects.save(.plan(plan, job: id))
            save(id, into: &effects)
            log(
                .info, "data indexed", job: id,
                ["rows": "\(plan.rows)", "training": "\(plan.trainingRows)", "data": plan.digest.short], into: &effects)
            for finding in findings { log(.warning, finding, job: id, into: &effects) }
            schedule(at: now, into: &effects)
        }
        prepareNext(at: now, into: &effects)
    }

    /// The data of a job, or what it starts from, is not as it should be.
    package mutating func preparationFailed(_ id: String, reason: String, at now: Moment, into effects: inout Effects) {
        if preparing == id { preparing = nil }
        if let job = job(id), job.state == .preparing { end(id, as: .failed, detail: reason, at: now, into: &effects) }
        prepareNext(at: now, into: &effects)
    }

    /// The disk did not take what was made of a job's data. That is no attempt: it may have room by now.
    package mutating func prepareAgain(_ id: String, at now: Moment, into effects: inout Effects) {
        guard preparing == id, let job = job(id), job.state == .preparing, !job.isHalted else {
            if preparing == id { preparing = nil }
            prepareNext(at: now, into: &effects)
            return
        }
        effects.act(.prepare(job: id, job.specification, start: job.start))
    }

    /// A preparation came to no end.
    package mutating func preparationDied(_ id: String, reason: String, at now: Moment, into effects: inout Effects) {
        if preparing == id { preparing = nil }
        if let job = job(id), job.state == .preparing {
            log(
                .warning, "preparation died", job: id, ["attempt": "\(job.preparations)", "reason": reason],
                into: &effects)
            change(id) { $0.lastFailure = reason }
            save(id, into: &effects)
        }
        prepareNext(at: now, into: &effects)
    }

    /// What a coordinator that is asked to end does last: a preparation that ends with it was no failed attempt.
    package mutating func stop(into effects: inout Effects) {
        if let id = preparing, let job = job(id), job.state == .preparing {
            change(id) { $0.preparations -= 1 }
            save(id, into: &effects)
        }
    }

    private mutating func giveUpPreparing(_ job: Job, at now: Moment, into effects: inout Effects) {
        let last = job.lastFailure.isEmpty ? "the coordinator ended meanwhile" : job.lastFailure
        end(
            job.id, as: .failed,
            detail:
                "the preparation of its data came to no end, \(counted(job.preparations, "time")) (\(last)): "
                + job.specification.data.remedy, at: now, into: &effects)
    }
}

extension DataSpecification {
    /// What to do where there is not enough memory to prepare it.
    fileprivate var remedy: String {
        let more = "give the preparation more memory by coordinator.preparation_memory_bytes in the cluster file"
        if let text, case .continueText = text.use, text.stride < text.positions {
            return "data.text.stride is \(text.stride), up to \(text.positions) makes fewer samples; or \(more)"
        }
        if let series, series.stride < series.window {
            return "data.series.stride is \(series.stride), up to \(series.window) makes fewer samples; or \(more)"
        }
        return "take fewer rows, or \(more)"
    }
}
