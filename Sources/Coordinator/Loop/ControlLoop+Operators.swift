import ClusterProtocol
import JobProtocol
import ControlPlane
import Explanations
import Messaging
import Wire

extension ControlLoop {
    /// What an operator's command line asks for.
    func handleCall(_ document: Document, from peer: Peer, request: RequestID) async throws(Failure) {
        guard let kind = MessageKind(rawValue: document.kind), kind.isCall else {
            throw Self.unexpected(document, from: peer)
        }
        guard document.json.count <= WireLimits.documentBytes else {
            throw Failure(
                .invalidArgument,
                "'\(document.kind)' has \(document.json.count) bytes, expected at most \(WireLimits.documentBytes): "
                    + "lists of names belong into the data, not into the job file")
        }
        switch kind {
        case .submitJob:
            let call: SubmitJob = try document.decode()
            await apply { plane, now in plane.submit(call, request: request, at: now) }
        case .cancelJob: try await cancel(try document.decode(CancelJob.self).id, request: request)
        case .promoteVersion:
            let call: PromoteVersion = try document.decode()
            await apply { plane, now in plane.promote(call, by: peer.name, request: request, at: now) }
        case .rollBackAlias:
            let call: RollBackAlias = try document.decode()
            await apply { plane, now in plane.rollback(call, by: peer.name, request: request, at: now) }
        case .deleteModel:
            let call: DeleteModel = try document.decode()
            await apply { plane, now in plane.delete(call, by: peer.name, request: request, at: now) }
        case .deleteAlias:
            let call: DeleteAlias = try document.decode()
            await apply { plane, now in plane.delete(call, by: peer.name, request: request, at: now) }
        case .deleteJob:
            reply(to: request, kind, try await deleteJob(document.decode(DeleteJob.self).id, by: peer.name))
        case .collectGarbage: collect(request)
        case .backUp: backUp(request)
        case .startLaunch:
            let call: StartLaunch = try document.decode()
            await apply { plane, now in plane.submit(call, request: request, at: now) }
        case .followLaunch: reply(to: request, kind, try launchReport(document.decode()))
        case .cancelLaunch:
            try await cancelLaunch(try document.decode(CancelLaunch.self).id, request: request)
        case .listModels: reply(to: request, kind, try models(document.decode()))
        case .showJob:
            let call: ShowJob = try document.decode()
            reply(to: request, kind, try await job(call.id).since(epoch: call.curveAfter))
        case .reportJob:
            let id = try document.decode(ReportJob.self).id
            reply(to: request, kind, try await report(id))
        case .traceJob:
            let id = try document.decode(TraceJob.self).id
            reply(to: request, kind, try await trace(id))
        case .listJobs: reply(to: request, kind, try await jobs(document.decode()))
        case .showStatus: reply(to: request, kind, try await status())
        default: throw Self.unexpected(document, from: peer)
        }
    }

    /// On a disk that is full a job can be ended all the same, which may be what makes room: its workers leave it at
    /// once, and that it was cancelled is stored when it can be.
    private func cancel(_ id: String, request: RequestID) async throws(Failure) {
        guard plane.scheduler.job(id) != nil else {
            let job = try await job(id)
            throw Failure(.failedPrecondition, "\(id) is over already: it is \(job.state.rawValue)")
        }
        let cancel: Event = { plane, now in plane.cancel(id, request: request, at: now) ?? [] }
        let isStored = await apply(cancel) { plane, now in plane.halt(id, request: request, at: now) }
        if !isStored { completions.putLater(cancel) }
    }

    private func job(_ id: String) async throws(Failure) -> JobStatus {
        if let job = plane.scheduler.job(id) { return status(of: job) }
        return try await storedJob(id).status
    }

    func reply(to request: RequestID, _ kind: MessageKind, _ value: some Encodable) {
        guard let (question, peer) = close(request) else { return }
        do {
            correspondence.answer(question, from: peer, with: try Document(kind, value))
        } catch {
            correspondence.refuse(
                question, from: peer, Failure(.internal, "the answer cannot be written: \(error.explanation)"))
        }
    }
}
