import ClusterProtocol
import Foundation
import StrictYAML

/// What cluster files and node configurations have in common.
extension YAMLMapping {
    /// The `launch:` section: folders of the programs that may be launched.
    func launchFolders(in base: URL) -> [URL] {
        optionalMapping("launch") { launch in
            launch.list("allow", "a list of folders", default: []) { entry in
                entry.asPath(in: base)
            }
        } ?? []
    }

    /// A host, without the brackets that an address of IPv6 may have.
    func host(_ key: String, default standard: String? = nil) -> String {
        let text = standard.map { string(key, default: $0) } ?? string(key)
        guard let address = HostAddress(text) else {
            if !text.isEmpty || standard != nil {
                report(key, "expected an address or a name, such as 10.0.0.1, ::1 or localhost, found '\(text)'")
            }
            return text
        }
        return address.text
    }

    /// Memory that the preparation of a job's data may take; nil where that is not said.
    func preparationMemory() -> Int? {
        optionalInteger("preparation_memory_bytes", in: 1 << 26...1 << 46)
    }

    /// What a coordinator's journal of events takes of the disk; nil where that is not said.
    func journalBytes() -> Int? {
        optionalInteger("journal_bytes", in: 0...NodeConfiguration.largestCacheBytes)
    }

    /// Bytes of fetched content that a node keeps.
    func cacheBytes() -> Int? {
        optionalInteger("max_cache_bytes", in: 0...NodeConfiguration.largestCacheBytes)
    }
}

extension YAMLValue {
    /// `tcp://host:port`.
    func asEndpoint() -> String? {
        guard let text = asString() else { return nil }
        guard text.hasPrefix("tcp://"), let colon = text.lastIndex(of: ":"),
            let host = HostAddress(String(text[..<colon].dropFirst("tcp://".count))),
            // Else it is not clear where the port begins.
            host.beforePort == text[..<colon].dropFirst("tcp://".count),
            UInt16(text[text.index(after: colon)...]) != nil
        else {
            report("expected an address such as tcp://127.0.0.1:7600, found '\(text)'")
            return nil
        }
        return text
    }
}

extension MembershipTiming {
    /// The `heartbeat:` section.
    init(reading yaml: YAMLMapping) {
        let standard = MembershipTiming()
        self.init(
            heartbeat: yaml.duration("interval", default: standard.heartbeat),
            suspect: yaml.duration("suspect", default: standard.suspect),
            dead: yaml.duration("dead", default: standard.dead))
        if suspect < heartbeat * 2 {
            yaml.report(
                "suspect",
                "expected at least twice the interval of \(heartbeat.inSeconds), so that one lost heartbeat is no alarm, "
                    + "found \(suspect.inSeconds)")
        }
        if dead <= suspect {
            yaml.report("dead", "expected more than suspect, \(suspect.inSeconds), found \(dead.inSeconds)")
        }
    }

    var yaml: YAMLText {
        .mapping([
            ("interval", .duration(heartbeat)), ("suspect", .duration(suspect)),
            ("dead", .duration(dead)),
        ])
    }
}
