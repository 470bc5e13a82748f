import ClusterProtocol
import JobProtocol
import Foundation
import Wire

/// `martlet status` as lines of text. Pure, so that tests read what an operator reads.
struct StatusView {
    var status: ClusterStatus
    var now: Date
    /// Of the terminal; nil: as wide as it gets.
    var width: Int?

    /// Jobs that ended stay in view up to this many.
    private static let endedJobsShown = 5

    func lines() -> [String] {
        let alive = status.nodes.filter { $0.state == .alive }.count
        var lines = [
            "cluster \(status.clusterID)  martlet \(status.version)  \(alive)/\(status.nodes.count) nodes alive"
        ]
        if let state = status.state { lines.append(stateLine(state)) }
        lines += ["", "NODES"] + nodeLines() + lossLines() + damageLines()
        lines += ["", "JOBS"] + (status.jobs.isEmpty ? ["none yet: martlet train JOB.yaml"] : jobLines())
        if !status.launches.isEmpty {
            lines += ["", "LAUNCHES"] + LaunchesView(launches: status.launches, now: now, width: width).lines()
        }
        lines +=
            ["", "MODELS"]
            + (status.models.isEmpty ? ["none promoted yet: martlet promote NAME:VERSION"] : modelLines())
        if let omitted = omittedLine() { lines += ["", omitted] }
        return lines.map { $0.fitting(width) }
    }

    /// What the coordinator had no room for in its answer. Older jobs are never shown here.
    private func omittedLine() -> String? {
        guard let omitted = status.omitted else { return nil }
        let parts = [(omitted.launches, "launches"), (omitted.models, "served models")].filter { $0.0 > 0 }
        return parts.isEmpty ? nil : "not shown: " + parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    func nodeLines() -> [String] {
        let columns: [TextTable.Column] = [
            .init("NAME"), .init("ROLE"), .init("STATE"), .init("ADDRESS"), .init("SINCE", .right),
            .init("CPU", .right), .init("MEMORY", .right), .init("CACHE", .right), .init("DOES"),
        ]
        let rows = status.nodes.map { node in
            [
                node.name, node.role.rawValue, node.state.rawValue, node.endpoint.isEmpty ? "-" : node.endpoint,
                age(since: node.since), "\(Figures.fixed(Double(node.cpuPercent), 0))%",
                Figures.bytes(node.residentBytes), cache(node.cache), node.activity,
            ]
        }
        return TextTable(columns: columns, rows: rows).lines(width: width)
    }

    /// Of the nodes whose disks did not keep what was written.
    private func damageLines() -> [String] {
        status.nodes.compactMap { node in
            guard let damaged = node.cache?.damaged else { return nil }
            return "\(node.name): \(damaged) damaged in its cache, and fetched again; look at its disk"
        }
    }

    /// Of the inference nodes that could not answer every request, what became of them.
    private func lossLines() -> [String] {
        status.nodes.compactMap { node in
            guard let load = node.load, load.refused > 0 || load.expired > 0 else { return nil }
            return """
                \(node.name): of its requests \(load.answered) answered, \(load.refused) refused (its queue was full), \
                \(load.expired) given up (their time was over)
                """
        }
    }

    func jobLines() -> [String] {
        let older = status.omitted?.jobs ?? 0
        let sorted = status.jobs.sorted { $0.submitted > $1.submitted }
        let shown = sorted.filter { !$0.state.isFinal } + sorted.filter(\.state.isFinal).prefix(Self.endedJobsShown)
        let hidden = older + sorted.count - shown.count
        return JobsView(jobs: shown, now: now, width: width).lines()
            + (hidden > 0 ? ["and \(hidden) more: martlet jobs"] : [])
    }

    func modelLines() -> [String] {
        let columns: [TextTable.Column] = [
            .init("MODEL"), .init("ALIAS"), .init("VERSION", .right), .init("REPLICAS", .right),
            .init("REQ/S", .right), .init("P50 MS", .right), .init("P99 MS", .right), .init("ERRORS/S", .right),
        ]
        let rows = status.models.map { model in
            [
                model.name, model.alias, String(model.version), "\(model.replicasReady) ready",
                Figures.count(model.traffic.requestsPerSecond), Figures.fixed(model.traffic.p50Milliseconds, 2),
                Figures.fixed(model.traffic.p99Milliseconds, 2), Figures.count(model.traffic.errorsPerSecond),
            ]
        }
        return TextTable(columns: columns, rows: rows).lines(width: width)
    }

    private func cache(_ cache: CacheReport?) -> String {
        guard let cache else { return "-" }
        return "\(Figures.bytes(UInt64(max(0, cache.bytes)))) of \(Figures.bytes(UInt64(max(0, cache.limit))))"
    }

    private func stateLine(_ state: ClusterStatus.StateStatus) -> String {
        let bytes = Figures.bytes(UInt64(max(0, state.size.databaseBytes + state.size.logBytes)))
        return "state \(bytes), \(state.size.finishedJobs) of at most \(state.retention.jobs) finished jobs kept"
    }

    private func age(since date: Date) -> String { Figures.duration(seconds: max(0, now.timeIntervalSince(date))) }
}
