import LocalCluster
import Foundation

/// One process in the table of `martlet cluster status`.
struct ProcessLine: Encodable, Equatable {
    enum State: String, Encodable {
        case runs, stopped, ended
        /// It should run, and no process of it is known.
        case missing
        /// It runs, and the cluster's files do not say so.
        case unrecorded
    }

    var node: String
    /// Nil where there is none.
    var processID: Int32?
    var runs: Bool
    var state: State
    var endpoint: String?
    var log: String
    var restarts: Int
    /// Why it last ended, and when it is started again if it does not run.
    var lastReason: String?
    var lastEnd: Date?
    var nextTry: Date?

    /// Every process that was started in a folder or should have been, by name, the supervisor last; then those that its
    /// files do not tell of.
    static func all(in folder: ClusterFolder) -> [ProcessLine] {
        let records = folder.restartRecords()
        var processes = folder.processes().sorted { $0.key < $1.key }
        if let supervisor = folder.supervisor { processes.append((NodeName.supervisor, supervisor)) }
        let unrecorded = folder.unrecordedProcesses()
        let running = Set(unrecorded.map(\.node))
        var lines = processes.map { node, process in
            let state: State = process.isPaused ? .stopped : process.isAlive ? .runs : .ended
            return ProcessLine(node, process, state, records[node], folder)
        }
        for node in folder.missingNodes() where !running.contains(node) {
            lines.append(ProcessLine(node, nil, .missing, records[node], folder))
        }
        for (node, process) in unrecorded {
            lines.append(ProcessLine(node, process, .unrecorded, records[node], folder))
        }
        return lines
    }

    private init(
        _ node: String, _ process: ProcessRecord?, _ state: State, _ record: RestartRecord?, _ folder: ClusterFolder
    ) {
        self.node = node
        self.state = state
        processID = process?.processID
        runs = process?.isAlive == true
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
                $0.node, $0.processID.map(String.init) ?? "-", $0.state.rawValue, $0.endpoint ?? "-",
                String($0.restarts), $0.log,
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
        let up = "`martlet cluster up \(folder.option)`"
        var lines = processes.filter { $0.state == .stopped }.compactMap { process in
            process.processID.map { "\(process.node) \(ProcessRecord.pauseWords($0))" }
        }
        let unrecorded = folder.unrecordedProblem()
        if let unrecorded { lines.append(unrecorded.description) }
        let lacking = processes.filter { [.ended, .missing].contains($0.state) && $0.node != NodeName.supervisor }
        switch supervisor?.state {
        // Of processes that no file tells of enough is said.
        case nil where unrecorded == nil && processes.contains(where: { $0.state == .runs }):
            lines.append(
                folder.wantsSupervisor
                    ? "no supervisor was started, as when `up` is cut off: \(up) starts it, and what does not run"
                    : "nothing is started again when it ends: the cluster was started with --no-restart")
        case .ended:
            lines.append("the supervisor has ended: \(up) starts it, and what does not run")
        case nil, .runs, .stopped, .missing, .unrecorded: break
        }
        if !lacking.isEmpty, supervisor == nil { lines.append("\(up) starts what does not run") }
        return lines
    }
}
