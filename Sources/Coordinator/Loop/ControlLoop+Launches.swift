import ControlPlane
import ClusterProtocol
import JobProtocol
import Wire

extension ControlLoop {
    /// What a worker says of the rank of a launch that it runs; false if the document is about something else.
    func handleRank(_ document: Document, from name: String, request: RequestID) async throws(Failure) -> Bool {
        switch MessageKind(rawValue: document.kind) {
        case .rankReady:
            let ready: RankReady = try document.decode()
            await apply { plane, now in plane.rankReady(ready, from: name, request: request, at: now) }
        case .rankOutput:
            let output: RankOutput = try document.decode()
            await apply { plane, _ in plane.rankPrinted(output, from: name, request: request) }
        case .rankEnded:
            let ended: RankEnded = try document.decode()
            await apply { plane, now in plane.rankEnded(ended, from: name, request: request, at: now) }
        default: return false
        }
        return true
    }

    func cancelLaunch(_ id: String, request: RequestID) async throws(Failure) {
        guard plane.scheduler.launch(id) != nil else { throw Self.noSuchLaunch(id) }
        await apply { plane, now in plane.cancelLaunch(id, request: request, at: now) ?? [] }
    }

    func launchReport(_ call: FollowLaunch) throws(Failure) -> LaunchReport {
        guard let report = plane.report(ofLaunch: call.id, after: call.after) else {
            throw Self.noSuchLaunch(call.id)
        }
        return report
    }

    private static func noSuchLaunch(_ id: String) -> Failure {
        Failure(
            .notFound, "there is no launch '\(id)': a coordinator that is started again has ended those before it")
    }
}
