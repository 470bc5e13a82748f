import Cluster
import Foundation

/// One process in the table of `martlet cluster status`.
struct ProcessLine: Encodable, Equatable {
    enum State: String, Encodable {
        case runs, stopped, ended
    }

    var node: String
    var processID: Int32
    var runs: Bool
    var state: State
    var endpoint: String?
    var log: String
    var restarts: Int
    /// Why it last ended, and when it is started again if it does not run.
    var lastReason: String?
    var lastEnd: Date?
    var nextTry: Date?

    /// Every process that was started in a folder, by name, the supervisor last.
    static func all(in folder: ClusterFolder) -> [ProcessLine] {
        let records = folder.restartRecords()
        var processes = folder.processes().sorted { $0.key < $1.key }
        if let supervisor = folder.supervisor { processes.append((NodeName.supervisor, supervisor)) }
        return processes.map { ProcessLine($0, $1, records[$0], folder) }
    }

    private init(_ node: String, _ process: ProcessRecord, _ record: RestartRecord?, _ folder: ClusterFolder) {
        self.node = node
        processID = process.processID
        runs = process.isAlive
        state = process.isPaused ? .stopped : runs ? .runs : .ended
        endpoint = folder.endpoint(of: node)
        log = folder.log(of: node).path
        restarts = record?.restarts ?? 0
        lastReason = record?.lastReason
        lastEnd = record?.lastEnd
        nextTry = record?.nextTry
    }

    static func lines(_ processes: [ProcessLine], folder: ClusterFolder, width: Int?) -> [String] {
        guard !processes.isEmpty else { return ["no process of the cluster in \(folder.root.path) was started"] }
        let columns: [TextTable.Column] = [
            .init("NODE"), .init("PROCESS", .right), .init("STATE"), .init("ADDRESS"), .init("RESTARTS", .right),
            .init("LOG"),
        ]
        let rows = processes.map {
            [
                $0.node, String($0.processID), $0.state.rawValue, $0.endpoint ?? "-", String($0.restarts), $0.log,
            ]
        }
        let reasons = processes.compactMap { process in
            process.lastReason.map { "\(process.node), \(process.lastEnd?.formatted(.iso8601) ?? ""): \($0)" }
        }
        return TextTable(columns: columns, rows: rows).lines(width: width) + reasons + advice(processes, folder)
    }

    /// What to do about what does not run.
    private static func advice(_ processes: [ProcessLine], _ folder: ClusterFolder) -> [String] {
        let supervisor = processes.first { $0.node == NodeName.supervisor }
        var lines = processes.filter { $0.state == .stopped }.map {
            "\($0.node) \(ProcessRecord.pauseWords($0.processID))"
        }
        switch supervisor?.state {
        case nil where processes.contains(where: \.runs):
            lines.append("nothing is started again when it ends: the cluster was started with --no-restart")
        case .ended:
            lines.append(
                "the supervisor has ended: `martlet cluster up \(folder.option)` starts it, and what does not run")
        case nil, .runs, .stopped: break
        }
        let ended = processes.filter { $0.state == .ended && $0.node != NodeName.supervisor }
        if !ended.isEmpty, supervisor == nil {
            lines.append("`martlet cluster up \(folder.option)` starts what has ended")
        }
        return lines
    }
}
