import ClusterProtocol
import Explanations
import Files
import Foundation
import Messaging

extension ClusterFolder {
    /// Every process that was started and not yet taken down, by node, alive or not.
    package func processes() -> [String: ProcessRecord] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
        let nodes = names.filter { $0.hasSuffix(".pid") }.map { String($0.dropLast(".pid".count)) }
        return nodes.reduce(into: [:]) { found, node in
            found[node] = ProcessRecord.read(from: processRecord(of: node))
        }
    }

    /// Names of the nodes whose process runs, sorted.
    package func runningNodes() -> [String] {
        processes().filter { $0.value.isAlive }.keys.sorted()
    }

    /// The process that starts nodes again which end; nil where none was started.
    package var supervisor: ProcessRecord? { ProcessRecord.read(from: supervisorRecord) }

    /// Whether anything of the cluster runs.
    package var isUp: Bool {
        supervisor?.isAlive == true || !runningNodes().isEmpty || !unrecordedProcesses().isEmpty
    }

    /// Whether the cluster was started and not taken down, whatever became of its processes.
    package var wasStarted: Bool { FileManager.default.fileExists(atPath: record.path) }

    /// Nodes that should run here, by the file that the cluster was started with; none where none was.
    package func plannedNodes() -> [String] {
        recordedFile().map { LaunchPlan($0, folder: self, cores: 1).nodes.map(\.name) } ?? []
    }

    /// Those of them of which no process was started: `up` was cut off.
    package func missingNodes() -> [String] {
        let known = Set(processes().keys)
        return plannedNodes().filter { !known.contains($0) }.sorted()
    }

    /// Files of keys that the nodes of this machine or the operator need and that are not there, by name.
    package func missingKeys() -> [String] {
        let nodes = plannedNodes()
        let files = nodes.isEmpty ? [] : ClusterKeys.missing(nodes + [NodeName.operator], in: keys).map { "\($0).key" }
        return files
            + (nodes.isEmpty || FileManager.default.fileExists(atPath: keyring.path) ? [] : [keyring.lastPathComponent])
    }

    /// What is wrong with the keys that are there and that `up` needs for this file, in words: who else may read them, or
    /// that they are none.
    package func unusableKeys(for file: ClusterFile) -> [String] {
        let nodes =
            LaunchPlan(file, folder: self, cores: 1).nodes.map(\.name) + [NodeName.operator] + file.remote.map(\.name)
        let missing = ClusterKeys.missing(nodes, in: keys)
        return nodes.filter { !missing.contains($0) }.compactMap { node in
            do {
                _ = try KeyPair(contentsOf: Self.key(of: node, in: keys))
                return nil
            } catch {
                return error.explanation
            }
        }
    }

    /// Whether what ends is to be started again by a supervisor.
    package var wantsSupervisor: Bool { wasStarted && !excludesSupervisor }

    /// Whether the cluster was started with `--no-restart`.
    package var excludesSupervisor: Bool { FileManager.default.fileExists(atPath: noRestart.path) }

    func markSupervised(_ isSupervised: Bool) throws {
        if isSupervised { try removeIfThere(noRestart) } else { try SmallFile.write([], to: noRestart.path) }
    }

    /// Removes what is left of processes that have ended. What was started stays written down, and so does the
    /// supervisor's file, for the room that it has; that of the restarts is made anew for the same reason.
    func clearRun() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: run.path)
        where ![record, supervisorRecord].map(\.lastPathComponent).contains(name) {
            try FileManager.default.removeItem(at: run.appending(path: name))
        }
        try write([:])
    }

    /// What is wrong where processes run of which the files know nothing; nil where none do.
    package func unrecordedProblem() -> LaunchError? {
        let found = unrecordedProcesses().map { ($0.node, $0.record.processID) }
        return found.isEmpty
            ? nil : .unrecorded(Dictionary(found) { first, _ in first }, folder: root.path, option: option)
    }

    /// What was started again, by node.
    package func restartRecords() -> [String: RestartRecord] {
        guard let data = try? SmallFile.read(restarts.path) else { return [:] }
        return (try? JSONDecoder().decode([String: RestartRecord].self, from: Data(data))) ?? [:]
    }

    func write(_ records: [String: RestartRecord]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try SmallFile.write(Array(encoder.encode(records)), to: restarts.path)
    }

    /// How a person names this cluster to a command: `-f` and the cluster file, where that is known.
    package var option: String { "-f \(originPath ?? "FILE")" }

    /// Where the cluster file is that the cluster was last started with; nil where that is not known.
    package var originPath: String? {
        guard let path = try? SmallFile.read(origin.path), !path.isEmpty else { return nil }
        return String(decoding: path, as: UTF8.self)
    }

    /// The port that a node had when it last listened, or was last told to listen at; nil where any will do.
    func rememberedPort(of node: String) -> Int? {
        let written = endpoint(of: node).flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
        guard written == nil, let told = try? NodeConfiguration(contentsOf: configuration(of: node)) else {
            return written
        }
        let port = told.gateway?.port ?? told.listen.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
        return port == 0 ? nil : port
    }

    /// The cluster file as it was when the cluster was started; nil when none was, or it was taken down.
    package func recordedFile() -> ClusterFile? {
        guard let data = try? SmallFile.read(record.path) else { return nil }
        return try? JSONDecoder().decode(ClusterFile.self, from: Data(data))
    }

    func writeRecord(_ file: ClusterFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try SmallFile.write(Array(encoder.encode(file)), to: record.path)
    }
}
