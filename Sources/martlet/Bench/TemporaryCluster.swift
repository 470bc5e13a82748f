import Cluster
import Foundation

/// A cluster that exists for one measurement.
enum TemporaryCluster {
    /// Brings up a cluster on free ports in a folder of its own, runs the body, and leaves nothing behind.
    static func with<Result>(
        workers: Int, threads: Int = 1, inference: Int, _ body: (ClusterFolder) async throws -> Result
    ) async throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(
            path: "martlet-bench-\(UUID().uuidString.prefix(8))")
        let file = ClusterFile(
            name: "bench", data: root, coordinator: .init(port: 0), workers: .init(count: workers, threads: threads),
            inference: .init(count: inference), gateway: .init(port: 0))
        let launcher = LocalLauncher(
            file, executable: try ClusterUpCommand.executable(), cores: ProcessInfo.processInfo.activeProcessorCount,
            readiness: .standard)
        do {
            _ = try await launcher.up()
            let result = try await body(launcher.folder)
            _ = try await launcher.folder.takeDown()
            try FileManager.default.removeItem(at: root)
            return result
        } catch {
            _ = try? await launcher.folder.takeDown()
            throw error
        }
    }
}
