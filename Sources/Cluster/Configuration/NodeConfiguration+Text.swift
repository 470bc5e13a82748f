import Wire
package import Foundation

extension NodeConfiguration {
    /// The configuration as a YAML document, with paths relative to `folder` where they lie in or beside it: the
    /// folder can then be moved or copied as a whole.
    package func yaml(relativeTo folder: URL) -> String {
        var lines = [
            "name: \(Self.quoted(name))",
            "role: \(role.rawValue)",
            "cluster: \(Self.quoted(cluster))",
            "data: \(Self.quoted(Self.path(of: data, from: folder)))",
            "keys: \(Self.quoted(Self.path(of: keys, from: folder)))",
        ]
        if let endpointFile {
            lines.append("endpoint_file: \(Self.quoted(Self.path(of: endpointFile, from: folder)))")
        }
        if let coordinator { lines.append("coordinator: \(Self.quoted(coordinator))") }
        if let listen { lines.append("listen: \(Self.quoted(listen))") }
        lines += [
            "log_level: \(logLevel.rawValue)",
            "heartbeat:",
            "  interval: \(timing.heartbeat.configurationText)",
            "  suspect: \(timing.suspect.configurationText)",
            "  dead: \(timing.dead.configurationText)",
        ]
        if let inference {
            lines += [
                "inference:",
                "  max_batch_rows: \(inference.maxBatchRows)",
                "  queue_rows: \(inference.queueRows)",
            ]
        }
        if let gateway {
            lines += [
                "gateway:",
                "  host: \(Self.quoted(gateway.host))",
                "  port: \(gateway.port)",
                "  max_body_bytes: \(gateway.maxBodyBytes)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A YAML double-quoted scalar. Its escapes are a superset of JSON's (YAML 1.2, 5.7).
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20: String(format: "\\u%04x", scalar.value)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
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
