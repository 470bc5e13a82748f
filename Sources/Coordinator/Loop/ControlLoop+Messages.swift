import ControlPlane
import JobProtocol
import ClusterProtocol
import Logging
import Messaging
import Wire

extension ControlLoop {
    /// One message from a node or an operator. Pieces of files never come here: they go to the vault at once.
    func handle(_ message: Message, from peer: Peer) async {
        let envelope = message.envelope
        let request = open(envelope, from: peer)
        switch envelope.body {
        case .join(let join):
            await apply(.joined(join, protocolVersion: envelope.protocolVersion, from: peer, request))
        case .heartbeat(let heartbeat): await handle(heartbeat, from: peer, request: request)
        case .document:
            guard let document = message.document else { return }
            do throws(Failure) {
                try await Self.handlers.take(document, from: peer, request: request, in: self)
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
            var heartbeat = heartbeat
            heartbeat.report = nil
            await apply(.heartbeat(heartbeat, report, from: peer, request))
        } catch {
            answer(request, .failure(error))
        }
    }

    /// What comes in documents.
    static let handlers = LoopHandlers { handlers in
        addReportsOfJobs(to: &handlers)
        addReportsOfRanks(to: &handlers)
        addReportsOfServing(to: &handlers)
        addCalls(to: &handlers)
    }

    /// What workers say of generations of jobs.
    private static func addReportsOfJobs(to handlers: inout LoopHandlers) {
        handlers.event(ProgressReport.self) { .progressed($0.message, from: $0.peer.name, $0.request) }
        handlers.event(CheckpointCommit.self) { .checkpoint($0.message, from: $0.peer.name, $0.request) }
        handlers.event(TraceReport.self) { .traced($0.message, from: $0.peer.name, $0.request) }
        handlers.event(GenerationFinished.self) { .finished($0.message, from: $0.peer.name, $0.request) }
        handlers.event(GenerationFailed.self) { .generationFailed($0.message, from: $0.peer.name, $0.request) }
    }

    /// What inference nodes say of versions, and gateways of routing tables.
    private static func addReportsOfServing(to handlers: inout LoopHandlers) {
        handlers.event(ReplicaReport.self) { .replicaReported($0.message, from: $0.peer.name, $0.request) }
        handlers.event(RoutingPosition.self) { .routed($0.message, by: $0.peer.name, $0.request) }
    }
}
