import Foundation

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
    package var isUp: Bool { supervisor?.isAlive == true || !runningNodes().isEmpty }

    /// What was started again, by node.
    package func restartRecords() -> [String: RestartRecord] {
        guard let data = try? Data(contentsOf: restarts) else { return [:] }
        return (try? JSONDecoder().decode([String: RestartRecord].self, from: data)) ?? [:]
    }

    func write(_ records: [String: RestartRecord]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(records).write(to: restarts, options: .atomic)
    }

    /// How a person names this cluster to a command: `-f` and the cluster file, where that is known.
    package var option: String {
        let path = (try? String(contentsOf: origin, encoding: .utf8)) ?? ""
        return "-f \(path.isEmpty ? "FILE" : path)"
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
        guard let data = try? Data(contentsOf: record) else { return nil }
        return try? JSONDecoder().decode(ClusterFile.self, from: data)
    }

    func writeRecord(_ file: ClusterFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(file).write(to: record, options: .atomic)
    }
}
