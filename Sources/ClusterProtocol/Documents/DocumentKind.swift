/// The kinds of the documents between the coordinator and its nodes.
package enum DocumentKind {
    /// What the kinds of operators' calls begin with.
    package static let operatorPrefix = "operator."

    /// In heartbeats.
    package static let report = "report"
    package static let assign = "assign"
    package static let stop = "stop"
    package static let launch = "launch"
    package static let roster = "roster"
    package static let rankReady = "rank-ready"
    package static let rankOutput = "rank-output"
    package static let rankEnded = "rank-ended"
    package static let progress = "progress"
    package static let checkpoint = "checkpoint"
    package static let finished = "finished"
    package static let generationFailed = "generation-failed"
    package static let trace = "trace"
    package static let load = "load"
    package static let unload = "unload"
    package static let replica = "replica"
    package static let routing = "routing"
    /// Gateway to coordinator, with a `RoutingPosition`: it routes by this table.
    package static let routed = "routed"

    package static let all = [
        report, assign, stop, launch, roster, rankReady, rankOutput, rankEnded, progress, checkpoint, finished,
        generationFailed, trace, load, unload, replica, routing, routed,
    ]
}
