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

    /// The port where a node was reached, or should have been had its start not failed; nil where that was any.
    func lastPort(of node: String) -> Int? {
        if let endpoint = endpoint(of: node) { return Int(endpoint.split(separator: ":").last ?? "") }
        guard let last = try? NodeConfiguration(contentsOf: configuration(of: node)) else { return nil }
        let port = last.gateway?.port ?? last.listen.flatMap { Int($0.split(separator: ":").last ?? "") }
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
