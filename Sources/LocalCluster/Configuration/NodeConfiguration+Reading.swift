import ClusterProtocol
package import Foundation
package import StrictYAML
import Wire

extension NodeConfiguration {
    /// Reads the configuration of one process. Relative paths in it begin at the file's folder.
    ///
    /// - Throws: `YAMLError` with everything that is wrong in it.
    package init(contentsOf file: URL) throws(YAMLError) {
        let source = try YAMLSource(file)
        self = try YAMLFile.read(source) { Self(reading: $0, folder: source.folder) }
    }

    private init(reading yaml: YAMLMapping, folder: URL) {
        let role = yaml.choice("role", of: Role.self)
        self.init(
            name: yaml.string("name"), role: role, cluster: yaml.string("cluster"),
            data: yaml.path("data", in: folder), keys: yaml.path("keys", in: folder),
            endpointFile: yaml.value("endpoint_file")?.asPath(in: folder),
            coordinator: yaml.value("coordinator")?.asEndpoint(), listen: yaml.value("listen")?.asEndpoint(),
            timing: yaml.optionalMapping("heartbeat", MembershipTiming.init(reading:)) ?? MembershipTiming(),
            logLevel: yaml.choice("log_level", default: .info),
            launchFolders: yaml.launchFolders(in: folder),
            threads: yaml.optionalInteger("threads", in: 1...ClusterFile.largest),
            preparationMemory: yaml.preparationMemory(), journalBytes: yaml.journalBytes(),
            maxCacheBytes: yaml.cacheBytes(),
            retention: RetentionPolicy(reading: yaml),
            inference: yaml.optionalMapping("inference", Inference.init(reading:)),
            gateway: yaml.optionalMapping("gateway", Gateway.init(reading:)))
        checkSections(yaml)
    }

    /// Each role needs some keys and has no use for others.
    private func checkSections(_ yaml: YAMLMapping) {
        func expect(_ key: String, _ isThere: Bool, for roles: [Role]) {
            if roles.contains(role), !isThere {
                yaml.report("role", "a node of role '\(role.rawValue)' needs the key '\(key)'")
            } else if !roles.contains(role), isThere {
                yaml.report(key, "a node of role '\(role.rawValue)' has no use for this key")
            }
        }
        if role == .operator {
            yaml.report(
                "role",
                "an operator is a person, not a process: expected one of coordinator, worker, inference, gateway")
            return
        }
        expect("coordinator", coordinator != nil, for: [.worker, .inference, .gateway])
        expect("listen", listen != nil, for: [.coordinator, .worker, .inference])
        expect("launch", !launchFolders.isEmpty, for: launchFolders.isEmpty ? [] : [.worker])
        expect(
            "preparation_memory_bytes", preparationMemory != nil, for: preparationMemory == nil ? [] : [.coordinator])
        expect("journal_bytes", journalBytes != nil, for: journalBytes == nil ? [] : [.coordinator])
        expect("threads", threads != nil, for: threads == nil ? [] : [.worker])
        let caching = yaml.value("max_cache_bytes") != nil
        expect("max_cache_bytes", caching, for: caching ? [.worker, .inference] : [])
        let keeping = yaml.value("keep_jobs") != nil
        expect("keep_jobs", keeping, for: keeping ? [.coordinator] : [])
        expect("inference", inference != nil, for: [.inference])
        expect("gateway", gateway != nil, for: [.gateway])
    }
}

extension RetentionPolicy {
    init(reading yaml: YAMLMapping) {
        self.init()
        jobs = yaml.optionalInteger("keep_jobs", in: Self.jobsAllowed) ?? jobs
    }
}

extension NodeConfiguration.Inference {
    init(reading yaml: YAMLMapping) {
        self.init(
            maxBatchRows: yaml.integer("max_batch_rows", in: 1...65536),
            queueRows: yaml.integer("queue_rows", in: 1...1_000_000))
    }
}

extension NodeConfiguration.Gateway {
    init(reading yaml: YAMLMapping) {
        self.init(
            host: yaml.host("host"), port: yaml.integer("port", in: 0...65535),
            maxBodyBytes: yaml.integer("max_body_bytes", in: 1024...(1 << 30)))
    }
}
