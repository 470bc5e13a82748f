import ClusterProtocol
package import Foundation
import StrictYAML
import Wire

extension NodeConfiguration {
    /// The configuration as a YAML document, with paths relative to `folder` where they lie in or beside it: the
    /// folder can then be moved or copied as a whole.
    package func yaml(relativeTo folder: URL) -> String {
        func path(_ url: URL) -> YAMLText { .string(Self.path(of: url, from: folder)) }
        var entries: [(key: String, value: YAMLText)] = [
            ("name", .string(name)), ("role", .string(role.rawValue)), ("cluster", .string(cluster)),
            ("data", path(data)), ("keys", path(keys)),
        ]
        if let endpointFile { entries.append(("endpoint_file", path(endpointFile))) }
        if let coordinator { entries.append(("coordinator", .string(coordinator))) }
        if let listen { entries.append(("listen", .string(listen))) }
        entries.append(("log_level", .string(logLevel.rawValue)))
        entries.append(("heartbeat", timing.yaml))
        if !launchFolders.isEmpty {
            // Folders of this machine, which do not move along.
            entries.append(("launch", .mapping([("allow", .list(launchFolders.map { .string($0.path) }))])))
        }
        if let preparationMemory { entries.append(("preparation_memory_bytes", .integer(preparationMemory))) }
        if let journalBytes { entries.append(("journal_bytes", .integer(journalBytes))) }
        if let threads { entries.append(("threads", .integer(threads))) }
        if [.worker, .inference].contains(role) { entries.append(("max_cache_bytes", .integer(maxCacheBytes))) }
        if role == .coordinator { entries.append(("keep_jobs", .integer(retention.jobs))) }
        if let inference {
            entries.append(
                (
                    "inference",
                    .mapping([
                        ("max_batch_rows", .integer(inference.maxBatchRows)),
                        ("queue_rows", .integer(inference.queueRows)),
                    ])
                ))
        }
        if let gateway {
            entries.append(
                (
                    "gateway",
                    .mapping([
                        ("host", .string(gateway.host)), ("port", .integer(gateway.port)),
                        ("max_body_bytes", .integer(gateway.maxBodyBytes)),
                    ])
                ))
        }
        return YAMLText.mapping(entries).rendered()
    }

    private static func path(of target: URL, from folder: URL) -> String {
        let target = target.standardizedFileURL.pathComponents
        let folder = folder.standardizedFileURL.pathComponents
        let common = zip(target, folder).prefix { $0 == $1 }.count
        // Only the root in common: nothing would move along.
        guard common > 1 else { return target.dropFirst().reduce("") { "\($0)/\($1)" } }
        let steps = Array(repeating: "..", count: folder.count - common) + target[common...]
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }
}
