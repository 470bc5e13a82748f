package import JobProtocol
package import ClusterProtocol
import Wire

extension ControlPlane {
    package mutating func submit(_ call: StartLaunch, request: RequestID, at now: Moment) -> [Action] {
        accounting { $0.scheduler.submit(call, request: request, at: now) }
    }

    /// Nil when there is no such launch.
    package mutating func cancelLaunch(_ id: String, request: RequestID, at now: Moment) -> [Action]? {
        guard scheduler.launch(id) != nil else { return nil }
        return accounting { $0.scheduler.cancelLaunch(id, request: request, at: now) ?? [] }
    }

    /// What its ranks printed from this line on; nil when there is no such launch.
    package func report(ofLaunch id: String, after number: Int) -> LaunchReport? {
        scheduler.launch(id).map { launch in
            let (lines, missed, next) = launch.output.lines(after: number)
            return LaunchReport(status: launch.status, lines: lines, missed: missed, next: next)
        }
    }

    package mutating func rankReady(
        _ ready: RankReady, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { $0.scheduler.rankReady(ready, from: name, request: request, at: now) }
    }

    package mutating func rankPrinted(_ output: RankOutput, from name: String, request: RequestID) -> [Action] {
        accounting { $0.scheduler.rankPrinted(output, from: name, request: request) }
    }

    package mutating func rankEnded(
        _ ended: RankEnded, from name: String, request: RequestID, at now: Moment
    ) -> [Action] {
        accounting { $0.scheduler.rankEnded(ended, from: name, request: request, at: now) }
    }
}
