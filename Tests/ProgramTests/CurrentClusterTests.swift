import Cluster
import Foundation
import Testing

@testable import martlet

@Suite struct CurrentClusterTests {
    @Test func clustersAreKnownByTheirProcesses() {
        #expect(
            RunningClusters.root(arguments: [
                "/opt/martlet", "coordinator", "--config", "/data/a/configuration/coordinator.yaml",
            ]) == "/data/a")
        #expect(RunningClusters.root(arguments: ["/opt/martlet", "worker", "--config", "/data/config.yaml"]) == nil)
        #expect(RunningClusters.root(arguments: ["vi", "/data/a/configuration/coordinator.yaml"]) == nil)
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
                + "does not run; others run on this machine, name the one you mean with -f FILE or the variable "
                + "MARTLET_CLUSTER:\n  ? in \(other.root.path) (-f FILE)")
    }
}
