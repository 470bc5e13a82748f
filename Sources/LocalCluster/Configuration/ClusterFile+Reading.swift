import Coordinator
import ClusterProtocol
package import Foundation
package import StrictYAML
import Wire

extension ClusterFile {
    /// Reads a cluster file. A relative `data` folder begins at the file's own, or at the working folder where
    /// the file comes through a pipe.
    ///
    /// - Throws: `YAMLError` with everything that is wrong in it.
    package init(contentsOf file: URL) throws(YAMLError) {
        let source = try YAMLSource(file)
        self = try YAMLFile.read(source) { Self(reading: $0, folder: source.folder) }
    }

    private init(reading yaml: YAMLMapping, folder: URL) {
        self.init(
            name: yaml.name("name"), data: yaml.path("data", in: folder),
            coordinator: yaml.optionalMapping("coordinator", Coordinator.init(reading:)) ?? Coordinator(),
            workers: yaml.optionalMapping("workers", Workers.init(reading:)) ?? Workers(),
            inference: yaml.optionalMapping("inference", Inference.init(reading:)) ?? Inference(),
            gateway: yaml.optionalMapping("gateway", Gateway.init(reading:)) ?? Gateway(),
            timing: yaml.optionalMapping("heartbeat", MembershipTiming.init(reading:)) ?? MembershipTiming(),
            remote: yaml.list("remote", "a list of nodes", default: []) { $0.mapping(RemoteNode.init(reading:)) },
            launchFolders: yaml.launchFolders(in: folder))
        checkPorts(yaml)
        checkRemoteNodes(yaml)
    }

    /// Two processes of one machine cannot listen at one address.
    private func checkPorts(_ yaml: YAMLMapping) {
        guard coordinator.port == gateway.port, gateway.port != 0 else { return }
        let isShared =
            coordinator.host == gateway.host
            || [coordinator.host, gateway.host].contains { HostAddress($0)?.isUnspecified == true }
        guard isShared else { return }
        yaml.report(
            "gateway.port",
            "the coordinator has port \(coordinator.port) too: expected another, or 0 for any that is free")
    }

    /// Names are what keys are found by: each is one node's only.
    private func checkRemoteNodes(_ yaml: YAMLMapping) {
        var names = Set(
            [NodeName.coordinator, NodeName.gateway, NodeName.operator]
                + (0..<workers.count).map(NodeName.worker) + (0..<inference.count).map(NodeName.inference))
        for node in remote where !names.insert(node.name).inserted {
            yaml.report("remote", "there is another node called '\(node.name)': expected a name of its own for each")
        }
        guard !remote.isEmpty else { return }
        if let host = HostAddress(coordinator.host), host.isLoopback || host.isUnspecified {
            yaml.report(
                "coordinator.host",
                "nodes on other machines (`remote`) cannot reach the coordinator at \(coordinator.host): expected the "
                    + "address of this machine that they reach")
        }
        for node in remote {
            guard let host = HostAddress(node.host), host.isUnspecified else { continue }
            yaml.report(
                "remote",
                "the others cannot reach '\(node.name)' at \(node.host): expected the address of its machine as `host`")
        }
    }
}

extension ClusterFile.Coordinator {
    init(reading yaml: YAMLMapping) {
        let standard = Self()
        self.init(
            host: yaml.host("host", default: standard.host),
            port: yaml.integer("port", in: 0...65535, default: standard.port),
            preparationMemory: yaml.preparationMemory(),
            journalBytes: yaml.journalBytes(),
            keepJobs: yaml.optionalInteger("keep_jobs", in: RetentionPolicy.jobsAllowed))
    }
}

extension ClusterFile.Workers {
    init(reading yaml: YAMLMapping) {
        self.init(
            count: yaml.integer("count", in: 0...ClusterFile.largest, default: Self().count),
            threads: yaml.optionalInteger("threads", in: 1...ClusterFile.largest), maxCacheBytes: yaml.cacheBytes())
    }
}

extension ClusterFile.Inference {
    init(reading yaml: YAMLMapping) {
        let standard = Self()
        self.init(
            count: yaml.integer("count", in: 0...ClusterFile.largest, default: standard.count),
            maxBatchRows: yaml.integer("max_batch_rows", in: 1...65536, default: standard.maxBatchRows),
            queueRows: yaml.integer("queue_rows", in: 1...1_000_000, default: standard.queueRows),
            maxCacheBytes: yaml.cacheBytes())
        if queueRows < maxBatchRows {
            yaml.report("queue_rows", "expected at least max_batch_rows, \(maxBatchRows), found \(queueRows)")
        }
    }
}

extension ClusterFile.Gateway {
    init(reading yaml: YAMLMapping) {
        let standard = Self()
        self.init(
            host: yaml.host("host", default: standard.host),
            port: yaml.integer("port", in: 0...65535, default: standard.port),
            maxBodyBytes: yaml.integer("max_body_bytes", in: 1024...(1 << 30), default: standard.maxBodyBytes))
    }
}

extension ClusterFile.RemoteNode {
    private enum RemoteRole: String, CaseIterable {
        case worker, inference
    }

    init(reading yaml: YAMLMapping) {
        let role: Role = yaml.choice("role", of: RemoteRole.self) == .worker ? .worker : .inference
        self.init(name: yaml.name("name"), role: role, host: yaml.host("host"))
    }
}
