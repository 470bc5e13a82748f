import ClusterProtocol
package import JobProtocol
import Wire

extension ControlPlane {
    mutating func cancelLaunch(
        _ id: String, request: RequestID, at now: Moment, into effects: inout Effects
    ) {
        if !scheduler.cancelLaunch(id, request: request, at: now, into: &effects) {
            effects.answer(request, .failure(Failure(.notFound, "there is no launch '\(id)'")))
        }
    }

    /// What its ranks printed from this line on; nil when there is no such launch.
    package func report(ofLaunch id: String, after number: Int) -> LaunchReport? {
        scheduler.launch(id).map { launch in
            let (lines, missed, next) = launch.output.lines(after: number)
            return LaunchReport(status: launch.status, lines: lines, missed: missed, next: next)
        }
    }
}
