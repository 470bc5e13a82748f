import JobProtocol
import Wire

extension ClusterStatus {
    /// Promoted versions that no inference node is ready to answer with, each once with its aliases.
    var unserved: [String] {
        let missing = models.filter { $0.replicasReady == 0 }
        let aliases = Dictionary(grouping: missing) { "\($0.name):\($0.version)" }
        return aliases.sorted { $0.key < $1.key }.map { version, models in
            "\(version) (\(models.map { "\($0.name)@\($0.alias)" }.sorted().joined(separator: ", ")))"
        }
    }

    /// Whether any node is there that could.
    var canServe: Bool { nodes.contains { $0.role == .inference && $0.state == .alive } }
}
