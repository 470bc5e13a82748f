import ArgumentParser
import LocalCluster
import Foundation
import UnixSignals

/// A cluster that exists for one measurement.
enum TemporaryCluster {
    /// Brings up a cluster on free ports in a folder of its own, runs the body, and leaves nothing behind. SIGINT and
    /// SIGTERM end it as well, with `ExitCode(130)`. After a failure the folder stays, for its logs.
    static func with<Result: Sendable>(
        workers: Int, threads: Int = 1, inference: Int,
        _ body: @escaping @Sendable (ClusterFolder) async throws -> Result
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
            let result = try await untilInterrupted {
                _ = try await launcher.up()
                return try await body(launcher.folder)
            }
            _ = try await launcher.folder.takeDown()
            try FileManager.default.removeItem(at: root)
            return result
        } catch {
            _ = try? await launcher.folder.takeDown()
            if error is ExitCode { try? FileManager.default.removeItem(at: root) }
            throw error
        }
    }

    /// Runs the body; a signal that asks this process to end cancels it and is thrown once the body has returned.
    private static func untilInterrupted<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { tasks in
            defer { tasks.cancelAll() }
            tasks.addTask { try await body() }
            tasks.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { throw ExitCode(130) }
                throw CancellationError()
            }
            return try await tasks.next()!
        }
    }
}
