import LocalCluster
import Foundation
import Testing

@testable import martlet

@Suite struct CurrentClusterTests {
    private func with(_ body: (URL) throws -> Void) throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        try body(home)
    }

    /// A folder of a cluster with one process, which need not run.
    private func cluster(_ folder: URL, of process: ProcessRecord) throws -> ClusterFolder {
        let cluster = ClusterFolder(root: folder)
        try cluster.create()
        try process.write(to: cluster.processRecord(of: NodeName.coordinator))
        try Data().write(to: cluster.record)
        return cluster
    }

    @Test func theCurrentClusterIsItselfHoweverItsFolderIsWritten() throws {
        try with { home in
            let current = CurrentCluster(home: home)
            let process = try #require(ProcessRecord(of: getpid()))
            let cluster = try cluster(home.appending(path: "data"), of: process)
            #expect(try current.record(cluster) == cluster)
            for hint in [URL.DirectoryHint.isDirectory, .notDirectory] {
                let same = ClusterFolder(root: URL(filePath: cluster.root.path, directoryHint: hint))
                #expect(try current.record(same) == same)
            }
        }
    }

    /// What was killed and not taken down is what its user means, and no longer in the way of another.
    @Test func aClusterThatWasKilledIsStillMeant() throws {
        try with { home in
            let current = CurrentCluster(home: home)
            var ended = try #require(ProcessRecord(of: getpid()))
            ended.startTicks += 1
            let killed = try cluster(home.appending(path: "killed"), of: ended)
            _ = try current.record(killed)
            #expect(current.folder == killed)
            current.forgetIfStopped()
            #expect(current.folder == killed)
            let other = ClusterFolder(root: home.appending(path: "other"))
            #expect(try current.record(other) == other)
        }
    }

    @Test func saysWhereItLookedAndWhatElseRuns() throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        let current = CurrentCluster(home: home)
        let pointer = home.appending(path: ".martlet/current").path
        #expect(
            current.nothingFound(running: [])
                == "no cluster was named, and \(pointer) names no cluster; no other runs on this machine: start one with "
                + "`martlet cluster up -f cluster/local.yaml`")
        _ = try current.record(ClusterFolder(root: home.appending(path: "gone")))
        let other = ClusterFolder(root: home.appending(path: "other"))
        #expect(
            current.nothingFound(running: [other])
                == "no cluster was named, and the cluster in \(home.appending(path: "gone").path), which \(pointer) names, "
                + "does not run (`martlet cluster up -f FILE` starts it); others run on this machine, name the one you mean with -f FILE or the variable "
                + "MARTLET_CLUSTER:\n  ? in \(other.root.path) (-f FILE)")
    }
}
