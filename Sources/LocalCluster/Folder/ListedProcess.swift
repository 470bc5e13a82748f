import Foundation
import Glibc
import Wire

/// A process of some cluster, found in the system's list of processes by its command line: it is there also where the
/// cluster's own files about it are gone.
package struct ListedProcess: Sendable, Equatable {
    /// The cluster's data folder.
    package var root: String
    package var node: String
    package var record: ProcessRecord

    /// All that this user may look at.
    package static func all() -> [ListedProcess] {
        let found = ids().compactMap(ListedProcess.init)
        // What a node is just starting has its command line until it has become itself.
        let nodes = Dictionary(found.map { ($0.record.processID, $0) }) { first, _ in first }
        return found.filter { process in
            let parent = ProcessStat(of: process.record.processID).flatMap { nodes[$0.parent] }
            return parent?.node != process.node || parent?.root != process.root
        }
    }

    private static func ids() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.sorted()
    }

    private init?(_ processID: Int32) {
        // Nodes are started in sessions of their own; a debugger or a shell that was given the same words is not.
        guard let stat = ProcessStat(of: processID), !stat.hasEnded, stat.session == processID,
            let record = ProcessRecord(of: processID),
            let bytes = try? FileHandle(forReadingAtPath: "/proc/\(processID)/cmdline")?.readToEnd(),
            let place = Self.place(bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        else { return nil }
        (root, node, self.record) = (place.root, place.node, record)
    }

    /// From the end of a command line: `coordinator --config ROOT/configuration/coordinator.yaml`, or `supervisor --data
    /// ROOT`.
    static func place(_ arguments: [String]) -> (root: String, node: String)? {
        let words = arguments.suffix(3)
        guard words.count == 3, arguments.count > 3, let role = words.first, let path = words.last else { return nil }
        let file = URL(filePath: path).standardizedFileURL
        switch (role, words[words.startIndex + 1]) {
        case (NodeName.supervisor, "--data"): return (file.path, NodeName.supervisor)
        case (_, "--config") where Role(rawValue: role) != nil:
            let folder = file.deletingLastPathComponent()
            guard folder.lastPathComponent == "configuration", file.pathExtension == "yaml" else { return nil }
            return (folder.deletingLastPathComponent().path, file.deletingPathExtension().lastPathComponent)
        default: return nil
        }
    }

    /// Whether paths mean the same to it as to this process.
    var seesTheSameFiles: Bool {
        let files = FileManager.default
        guard let ours = try? files.destinationOfSymbolicLink(atPath: "/proc/self/ns/mnt") else { return false }
        return ours == (try? files.destinationOfSymbolicLink(atPath: "/proc/\(record.processID)/ns/mnt"))
    }
}

extension ClusterFolder {
    /// Processes of this cluster that run and of which its files know nothing, in the order of names: someone removed
    /// the files, or they could not be written.
    package func unrecordedProcesses() -> [(node: String, record: ProcessRecord)] {
        let listed = ListedProcess.all().filter { isSame($0.root) && $0.seesTheSameFiles }
        guard !listed.isEmpty else { return [] }
        var known = processes()
        known[NodeName.supervisor] = supervisor
        return listed.filter { known[$0.node] != $0.record }.map { ($0.node, $0.record) }
            .sorted { ($0.node, $0.record.processID) < ($1.node, $1.record.processID) }
    }

    /// Whether no process of a node runs: by its file, or, where that is none, by all processes of the machine.
    func hasEnded(_ node: String) -> Bool {
        if let process = processes()[node] { return !process.isAlive }
        return !unrecordedProcesses().contains { $0.node == node }
    }

    private func isSame(_ path: String) -> Bool {
        path == root.path
            || URL(filePath: path).resolvingSymlinksInPath().path == root.resolvingSymlinksInPath().path
    }
}
