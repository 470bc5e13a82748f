import ControlPlane
import ClusterProtocol
import JobProtocol
import Messaging
import Wire

extension ControlLoop {
    /// What workers say of the ranks of launches that they run.
    static func addReportsOfRanks(to handlers: inout LoopHandlers) {
        handlers.event(RankReady.self) { asked in
            { plane, now in
                plane.rankReady(asked.message, from: asked.peer.name, request: asked.request, at: now)
            }
        }
        handlers.event(RankOutput.self) { asked in
            { plane, _ in plane.rankPrinted(asked.message, from: asked.peer.name, request: asked.request) }
        }
        handlers.event(RankEnded.self) { asked in
            { plane, now in
                plane.rankEnded(asked.message, from: asked.peer.name, request: asked.request, at: now)
            }
        }
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
