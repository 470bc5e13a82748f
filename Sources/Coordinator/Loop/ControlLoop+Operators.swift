import ClusterProtocol
import JobProtocol
import ControlPlane
import Explanations
import Wire

extension ControlLoop {
    /// What an operator's command line asks for.
    static func addCalls(to handlers: inout LoopHandlers) {
        addCallsOfJobs(to: &handlers)
        addCallsOfLaunches(to: &handlers)
        addCallsOfModels(to: &handlers)
        addCallsOfTheState(to: &handlers)
    }

    private static func addCallsOfJobs(to handlers: inout LoopHandlers) {
        handlers.event(SubmitJob.self) { .submit($0.message, by: $0.peer.name, $0.request) }
        handlers.query(ShowJob.self) { loop, asked throws(Failure) in
            try await loop.job(asked.message.id).since(epoch: asked.message.curveAfter)
        }
        handlers.query(ReportJob.self) { loop, asked throws(Failure) in try await loop.report(asked.message.id) }
        handlers.query(TraceJob.self) { loop, asked throws(Failure) in try await loop.trace(asked.message.id) }
        handlers.query(ListJobs.self) { loop, asked throws(Failure) in try await loop.jobs(asked.message) }
        handlers.work(CancelJob.self) { loop, asked throws(Failure) in
            try await loop.cancel(asked.message.id, by: asked.peer.name, request: asked.request)
        }
        handlers.query(DeleteJob.self) { loop, asked throws(Failure) in
            try await loop.deleteJob(asked.message.id, by: asked.peer.name)
        }
    }

    private static func addCallsOfLaunches(to handlers: inout LoopHandlers) {
        handlers.event(StartLaunch.self) { .launch($0.message, by: $0.peer.name, $0.request) }
        handlers.query(FollowLaunch.self) { loop, asked throws(Failure) in try loop.launchReport(asked.message) }
        handlers.work(CancelLaunch.self) { loop, asked throws(Failure) in
            try await loop.cancelLaunch(asked.message.id, by: asked.peer.name, request: asked.request)
        }
    }

    private static func addCallsOfModels(to handlers: inout LoopHandlers) {
        handlers.query(ListModels.self) { loop, asked throws(Failure) in try loop.models(asked.message) }
        handlers.event(PromoteVersion.self) { .promote($0.message, by: $0.peer.name, $0.request) }
        handlers.event(RollBackAlias.self) { .rollBack($0.message, by: $0.peer.name, $0.request) }
        handlers.event(DeleteModel.self) { .deleteModel($0.message, by: $0.peer.name, $0.request) }
        handlers.event(DeleteAlias.self) { .deleteAlias($0.message, by: $0.peer.name, $0.request) }
    }

    private static func addCallsOfTheState(to handlers: inout LoopHandlers) {
        handlers.query(ShowStatus.self) { loop, _ throws(Failure) in try await loop.status() }
        handlers.work(CollectGarbage.self) { loop, asked throws(Failure) in loop.collect(asked.request) }
        handlers.work(BackUp.self) { loop, asked throws(Failure) in loop.backUp(asked.request) }
    }

    /// On a disk that is full a job can be ended all the same, which may be what makes room: its workers leave it at
    /// once, and that it was cancelled is stored when it can be.
    private func cancel(_ id: String, by operatorName: String, request: RequestID) async throws(Failure) {
        guard plane.scheduler.job(id) != nil else {
            let job = try await job(id)
            throw Failure(.failedPrecondition, "\(id) is over already: it is \(job.state.rawValue)")
        }
        let cancel = Event.cancel(job: id, by: operatorName, request)
        let isStored = await apply(cancel, otherwise: .halt(job: id, by: operatorName, request))
        if !isStored { completions.putLater(cancel) }
    }

    private func job(_ id: String) async throws(Failure) -> JobStatus {
        if let job = plane.scheduler.job(id) { return status(of: job) }
        return try await storedJob(id).status
    }

    /// Answers what the loop knows by itself.
    func reply(to request: RequestID, _ kind: MessageKind, _ answer: some ClusterAnswer) {
        guard let (question, peer) = close(request) else { return }
        do {
            switch try answer.body(answering: kind) {
            case .document(let document): correspondence.answer(question, from: peer, with: document)
            case let body: correspondence.answer(question, from: peer, with: body)
            }
        } catch {
            correspondence.refuse(
                question, from: peer, Failure(.internal, "the answer cannot be written: \(error.explanation)"))
        }
    }
}
