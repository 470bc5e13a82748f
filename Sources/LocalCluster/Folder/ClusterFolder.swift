import Coordinator
import Files
package import Foundation

/// Where a cluster on this machine keeps its things: the one place that knows the names of these files.
package struct ClusterFolder: Sendable, Equatable {
    package let root: URL

    /// However the folder is written: two that are the same place are equal.
    package init(root: URL) {
        self.root = URL(filePath: root.standardizedFileURL.path, directoryHint: .isDirectory)
    }

    /// What was started, as JSON: so that `down` and `status` need not trust a cluster file edited since.
    package var record: URL { run.appending(path: "cluster.json") }
    /// Held while a command changes what runs.
    package var lock: URL { root.appending(path: "lock") }
    /// Held by the supervisor for as long as it runs.
    var supervisorLock: URL { root.appending(path: "supervisor.lock") }
    /// The supervisor's process. Not among the nodes', which end in `.pid`.
    var supervisorRecord: URL { run.appending(path: "supervisor.json") }
    /// What the supervisor knows of each node that it started again.
    var restarts: URL { run.appending(path: "restarts.json") }
    /// There where what ends is not to be started again, `cluster up --no-restart`.
    var noRestart: URL { run.appending(path: "no-restart") }
    /// Where the cluster file is that the cluster was last started with; stays when it is taken down.
    var origin: URL { root.appending(path: "origin") }
    package var keys: URL { root.appending(path: "keys") }
    package var keyring: URL { Self.keyring(in: keys) }
    package var logs: URL { root.appending(path: "logs") }
    /// What exists only while the cluster runs.
    package var run: URL { root.appending(path: "run") }
    /// One folder for each remote node, to be copied to its machine.
    package var remote: URL { root.appending(path: "remote") }

    /// The public keys of all nodes, in a folder of keys.
    package static func keyring(in keys: URL) -> URL { keys.appending(path: "keyring.json") }
    /// The key of one node, in a folder of keys.
    package static func key(of node: String, in keys: URL) -> URL { keys.appending(path: "\(node).key") }

    package func configuration(of node: String) -> URL { root.appending(path: "configuration/\(node).yaml") }
    package func data(of node: String) -> URL { root.appending(path: "nodes/\(node)") }
    package func log(of node: String) -> URL { logs.appending(path: "\(node).log") }
    package func processRecord(of node: String) -> URL { run.appending(path: "\(node).pid") }
    /// Written by the process itself, once it listens.
    package func endpointFile(of node: String) -> URL { run.appending(path: "\(node).endpoint") }

    /// The address a node wrote down; nil when it has not, or when the file holds something else.
    package func endpoint(of node: String) -> String? { writtenEndpoint(of: node)?.address }

    /// What is in the file for a node's address; nil where there is none.
    package func writtenEndpoint(of node: String) -> WrittenEndpoint? {
        let path = endpointFile(of: node).path
        func read() -> [UInt8]? { try? SmallFile.read(path, limit: WrittenEndpoint.longest) }
        var found = read()
        if found == nil {
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            // It may have been written since the first look.
            found = read()
        }
        guard let bytes = found else { return WrittenEndpoint("") }
        // The process that shall write it has just been started.
        if !bytes.isEmpty, bytes.allSatisfy({ $0 == UInt8(ascii: " ") }) { return nil }
        return WrittenEndpoint(String(decoding: bytes, as: UTF8.self))
    }

    /// What is wrong with the files for the addresses of the nodes that run, in words.
    package func endpointProblems() -> [String] {
        runningNodes().compactMap { node -> String? in
            guard let written = writtenEndpoint(of: node), written.address == nil else { return nil }
            let path = endpointFile(of: node).path
            return RegularFile.obstacle(at: path, to: .read)?.description
                ?? "\(path) does not hold the address of \(node)"
        }
    }

    /// What lies in the place of the files that tell what was started, in words; none where all are files or are not there.
    package func recordObstacles() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: run.path)) ?? []
        let processes = names.filter { $0.hasSuffix(".pid") }.sorted().map { run.appending(path: $0) }
        return ([record, supervisorRecord, restarts, noRestart] + processes).compactMap {
            RegularFile.obstacle(at: $0.path, to: .read)?.description
        }
    }

    /// Whether something that is no file lies in the place of the file of a node's process.
    package func hidesRecord(of node: String) -> Bool {
        RegularFile.obstacle(at: processRecord(of: node).path, to: .read) != nil
    }

    /// Takes away what an earlier process wrote down, and leaves the file its room, which a full disk would not give again.
    func blankEndpoint(of node: String) throws {
        let file = endpointFile(of: node)
        guard case let size = LogFile.size(of: file), size > 0, size <= WrittenEndpoint.longest,
            SmallFile.overwrite([UInt8](repeating: UInt8(ascii: " "), count: Int(size)), at: file.path)
        else { return try removeIfThere(file) }
    }

    /// Throws where the folder, or that of its processes, is there and cannot be looked into: what is not seen is not
    /// known to be absent.
    package func checkAccess() throws(LaunchError) {
        for folder in [root, run] {
            let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor < 0 else {
                close(descriptor)
                continue
            }
            let problem = errno
            if problem == ENOTDIR {
                guard folder != root, let obstacle = Folder.obstacle(at: folder.path) else {
                    throw .dataIsNoFolder(folder.path)
                }
                throw .noFolder(obstacle)
            }
            guard problem == ENOENT else {
                throw .unreadable(folder: root.path, reason: String(cString: strerror(problem)))
            }
        }
    }

    func removeIfThere(_ file: URL) throws {
        if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
    }

    /// Makes the folders, readable by their owner only.
    package func create() throws {
        for folder in folders { try Folder.make(folder, mode: 0o700) }
    }

    private var folders: [URL] {
        [root, keys, logs, run, root.appending(path: "configuration"), root.appending(path: "nodes")]
    }

    /// What lies in the place of the cluster's folders and of those of its nodes, in words; none where all are folders or
    /// are still to be made.
    package func obstacles() -> [String] {
        let nodes = Set(plannedNodes() + [NodeName.coordinator]).sorted().map(data(of:))
        let coordinator = CoordinatorFolder(data(of: NodeName.coordinator))
        let all = folders + nodes + [coordinator.store, coordinator.objects]
        return all.compactMap { Folder.obstacle(at: $0.path) }.map(\.description)
    }
}
