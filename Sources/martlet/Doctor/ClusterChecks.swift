import ClusterProtocol
import JobProtocol
import Coordinator
import LocalCluster
import Explanations
import Files
import Foundation

/// What stands in the way of one cluster on this machine: its ports and what is left of its processes.
enum ClusterChecks {
    static func findings(_ file: ClusterFile) -> [Finding] {
        let folder = ClusterFolder(root: file.data)
        do throws(LaunchError) {
            try folder.checkAccess()
        } catch {
            switch error {
            case .dataIsNoFolder:
                return [.broken("data folder", "\(error)", remedy: "name a folder as `data` in the cluster file")]
            case .noFolder(let obstacle):
                return [.broken("folders", obstacle.description, remedy: ClusterWarnings.folderRemedy)]
            default:
                return [
                    .broken(
                        "data folder", "\(error)", remedy: "run the command as the user who brought the cluster up")
                ]
            }
        }
        var findings = [
            port(file.coordinator.host, file.coordinator.port, of: NodeName.coordinator, folder),
            port(file.gateway.host, file.gateway.port, of: NodeName.gateway, folder),
        ]
        if let finding = ClusterWarnings.folders(folder) { findings.append(finding) }
        findings += processes(folder)
        if let finding = ClusterWarnings.records(folder) { findings.append(finding) }
        if let finding = ClusterWarnings.endpoints(folder) { findings.append(finding) }
        findings += [supervisor(folder), keys(file, folder), state(folder)]
        if let finding = store(folder) { findings.append(finding) }
        findings.append(limits(file))
        return findings + caches(file, folder)
    }

    /// Nil where there is no state that could need anything. Whether each content is what its digest says, which takes
    /// reading all of them, a backup tells.
    private static func store(_ folder: ClusterFolder) -> Finding? {
        let coordinator = CoordinatorFolder(folder.data(of: NodeName.coordinator))
        guard FileManager.default.fileExists(atPath: coordinator.state.path) else { return nil }
        do {
            let folder = BackupFolder(coordinator.root, ofCluster: coordinator.root)
            let gaps = try folder.gaps()
            guard !gaps.isEmpty else { return .ok("store", "has what models and jobs need") }
            let obstacles = try folder.obstacles().prefix(20).map { "; \($0)" }.joined()
            return .broken(
                "store", "\(coordinator.store.path) is not whole: \(ContentGap.words(gaps))\(obstacles)",
                remedy: ContentGap.remedy(gaps))
        } catch {
            return .broken(
                "store", "\(error.explanation)", remedy: "`martlet logs coordinator` may say more")
        }
    }

    /// A cache over its limit belongs to a node that is not running, or is at work: it is brought below it then.
    private static func caches(_ file: ClusterFile, _ folder: ClusterFolder) -> [Finding] {
        let nodes =
            (0..<file.workers.count).map { (NodeName.worker($0), file.workers.maxCacheBytes) }
            + (0..<file.inference.count).map { (NodeName.inference($0), file.inference.maxCacheBytes) }
        return nodes.map { node, limit in
            let limit = limit ?? NodeConfiguration.standardCacheBytes
            let bytes = size(of: folder.data(of: node).appending(path: "cache"))
            let found = "\(Figures.bytes(UInt64(bytes))) of at most \(Figures.bytes(UInt64(limit)))"
            guard bytes > limit else { return .ok("cache of \(node)", found) }
            return .warning(
                "cache of \(node)", found,
                remedy: "it is brought below the limit when the node starts, or has finished what it does")
        }
    }

    private static func size(of folder: URL) -> Int {
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: [.fileSizeKey, .isRegularFileKey])
        return files?.reduce(0) { sum, file in
            guard let file = file as? URL,
                let values = try? file.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey]),
                values.isRegularFile == true
            else { return sum }
            return sum + (values.fileSize ?? 0)
        } ?? 0
    }

    private static func port(_ host: String, _ port: Int, of node: String, _ folder: ClusterFolder) -> Finding {
        let subject = "port of \(node)"
        let address = "\(host):\(port)"
        if port == 0 { return .ok(subject, "any free one") }
        let socket = TCPPort(host: host, port: port)
        if socket.isFree { return .ok(subject, "\(address) is free") }
        if folder.runningNodes().contains(node) { return .ok(subject, "\(address) is used by this cluster") }
        return .broken(
            subject, "\(address) is used by \(socket.owner)",
            remedy: "stop that, or choose another port (0: any) in the cluster file")
    }

    private static func limits(_ file: ClusterFile) -> Finding {
        .ok("limits", ClusterLimit.all(of: file).map { "\($0.value) \($0.name)" }.joined(separator: "; "))
    }

    private static func supervisor(_ folder: ClusterFolder) -> Finding {
        let restarts = folder.restartRecords().values.reduce(0) { $0 + $1.restarts }
        if let problem = ClusterWarnings.supervisor(folder) { return problem }
        guard folder.supervisor != nil else {
            return .ok("supervisor", folder.isUp ? "none: started with --no-restart" : "none, as no process runs")
        }
        guard restarts > 0 else { return .ok("supervisor", "runs, had nothing to start again") }
        return .warning(
            "supervisor", "runs, has started processes again (\(counted(restarts, "time")))",
            remedy: "`martlet cluster status \(folder.option)` says which and why they ended")
    }

    private static func state(_ folder: ClusterFolder) -> Finding {
        let file = CoordinatorFolder(folder.data(of: NodeName.coordinator)).state
        let isThere = FileManager.default.fileExists(atPath: file.path)
        return ClusterWarnings.state(folder) ?? .ok("state", isThere ? "\(file.path) is there" : "none yet")
    }

    private static func processes(_ folder: ClusterFolder) -> [Finding] {
        let problems = [ClusterWarnings.processes(folder), ClusterWarnings.paused(folder)].compactMap(\.self)
        return problems.isEmpty
            ? [.ok("processes", "\(folder.processes().count) run, none was lost")] : problems
    }

    private static func keys(_ file: ClusterFile, _ folder: ClusterFolder) -> Finding {
        let unusable = folder.unusableKeys(for: file)
        guard unusable.isEmpty else {
            return .broken(
                "keys", unusable.joined(separator: "; "),
                remedy: "no process can start with it; a key that others may have read is to be replaced: remove the "
                    + "file while the cluster is down, and `martlet cluster up \(folder.option)` makes another")
        }
        return ClusterWarnings.keys(folder)
            ?? .ok("keys", folder.isUp ? "all are there" : "needed by no process that runs")
    }
}
