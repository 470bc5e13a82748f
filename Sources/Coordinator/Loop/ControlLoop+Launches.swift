import ControlPlane
import ClusterProtocol
import JobProtocol
import Messaging
import Wire

extension ControlLoop {
    /// What workers say of the ranks of launches that they run.
    static func addReportsOfRanks(to handlers: inout LoopHandlers) {
        handlers.event(RankReady.self) { .rankReady($0.message, from: $0.peer.name, $0.request) }
        handlers.event(RankOutput.self) { .rankPrinted($0.message, from: $0.peer.name, $0.request) }
        handlers.event(RankEnded.self) { .rankEnded($0.message, from: $0.peer.name, $0.request) }
    }

    func cancelLaunch(_ id: String, by operatorName: String, request: RequestID) async throws(Failure) {
        guard plane.scheduler.launch(id) != nil else { throw Self.noSuchLaunch(id) }
        await apply(.cancelLaunch(id, by: operatorName, request))
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
