import ControlPlane
import JobProtocol
import ClusterProtocol
import Logging
import Messaging
import Training
import Wire

extension ControlLoop {
    /// One message from a node or an operator. Pieces of files never come here: they go to the vault at once.
    func handle(_ message: Message, from peer: Peer) async {
        let envelope = message.envelope
        let request = open(envelope, from: peer)
        switch envelope.body {
        case .join(let join):
            await apply { plane, now in
                plane.join(
                    join, protocolVersion: envelope.protocolVersion, from: peer, request: request, at: now)
            }
        case .heartbeat(let heartbeat): await handle(heartbeat, from: peer, request: request)
        case .document:
            guard let document = message.document else { return }
            do throws(Failure) {
                try await handle(document, from: peer, request: request)
            } catch {
                noteRefusal(of: document, from: peer, isTold: !envelope.expectsAnswer, error)
                answer(request, .failure(error))
            }
        default:
            answer(request, .failure(Failure(.invalidArgument, "the coordinator takes no message of this kind")))
        }
    }

    /// Whoever asked is told why; of what was only told the log alone can speak.
    private func noteRefusal(of document: Document, from peer: Peer, isTold: Bool, _ failure: Failure) {
        if isTold {
            complaints.warn(
                "document not used", "'\(document.kind)' from \(peer.name): \(failure.message)")
        } else {
            logger.debug(
                "document refused",
                metadata: ["node": "\(peer.name)", "kind": "\(document.kind)", "reason": "\(failure.message)"])
        }
    }

    private func handle(_ heartbeat: Heartbeat, from peer: Peer, request: RequestID) async {
        do throws(Failure) {
            let report: NodeReport? = try heartbeat.report?.decode(NodeReport.self).shortened
            await apply { plane, now in
                plane.heartbeat(heartbeat, report: report, from: peer, request: request, at: now)
            }
        } catch {
            answer(request, .failure(error))
        }
    }

    private func handle(_ document: Document, from peer: Peer, request: RequestID) async throws(Failure) {
        switch peer.role {
        case .operator: try await handleCall(document, from: peer, request: request)
        case .worker: try await handleWorker(document, from: peer.name, request: request)
        case .inference: try await handleInference(document, from: peer.name, request: request)
        case .gateway: try await handleGateway(document, from: peer, request: request)
        case .coordinator: throw Self.unexpected(document, from: peer)
        }
    }

    private func handleWorker(_ document: Document, from name: String, request: RequestID) async throws(Failure) {
        switch MessageKind(rawValue: document.kind) {
        case .progress:
            let report: ProgressReport = try document.decode()
            await apply { plane, _ in
                plane.progressed(report, from: name)
                return [.answer(request, .acknowledgement)]
            }
        case .checkpoint:
            let commit: CheckpointCommit = try document.decode()
            await apply { plane, now in plane.checkpoint(commit, from: name, request: request, at: now) }
        case .trace:
            let report: TraceReport = try document.decode()
            await apply { plane, _ in plane.traced(report, from: name, request: request) }
        case .finished:
            let report: GenerationFinished = try document.decode()
            await apply { plane, now in plane.finished(report, from: name, request: request, at: now) }
        case .generationFailed:
            let report: GenerationFailed = try document.decode()
            await apply { plane, now in plane.generationFailed(report, from: name, request: request, at: now) }
        default:
            guard try await handleRank(document, from: name, request: request) else {
                throw Self.unexpected(document, from: Peer(name: name, role: .worker, connection: 0))
            }
        }
    }

    private func handleInference(
        _ document: Document, from name: String, request: RequestID
    ) async throws(Failure) {
        guard document.kind == MessageKind.replica.rawValue else {
            throw Self.unexpected(document, from: Peer(name: name, role: .inference, connection: 0))
        }
        let replica: ReplicaReport = try document.decode()
        await apply { plane, now in
            [.answer(request, .acknowledgement)] + plane.replicaReported(replica, from: name, at: now)
        }
    }

    private func handleGateway(_ document: Document, from peer: Peer, request: RequestID) async throws(Failure) {
        guard document.kind == MessageKind.routed.rawValue else { throw Self.unexpected(document, from: peer) }
        let taken: RoutingPosition = try document.decode()
        await apply { plane, now in
            [.answer(request, .acknowledgement)] + plane.routed(taken, by: peer.name, at: now)
        }
    }

    static func unexpected(_ document: Document, from peer: Peer) -> Failure {
        if document.kind.hasPrefix(MessageKind.callPrefix), peer.role != .operator {
            return Failure(
                .permissionDenied, "'\(document.kind)' is for operators, '\(peer.name)' is \(peer.role.rawValue)")
        }
        return Failure(.invalidArgument, "the coordinator takes no '\(document.kind)' from role \(peer.role.rawValue)")
    }
}
