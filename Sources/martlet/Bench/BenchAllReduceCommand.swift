import ArgumentParser
import LocalCluster
import Foundation
import Messaging
import Wire

struct BenchAllReduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allreduce",
        abstract: "Latency and bandwidth of summing gradients between processes.",
        discussion: """
            Example: martlet bench allreduce --ranks 4 --transport tcp

            One process for each rank on this machine, 1 KiB to 64 MiB, through shared memory or through encrypted \
            ZeroMQ over TCP. Bus bandwidth is 2 (ranks - 1) / ranks x bytes / time, as nccl-tests defines it; beside it \
            stands what share that is of the memory bandwidth of all ranks together (adding vectors, as in STREAM).
            """)

    @Option(parsing: .unconditional, help: "Processes.")
    var ranks = 2

    @OptionGroup var path: BenchPath

    @OptionGroup var output: Output

    func validate() throws {
        try OptionBounds.check(ranks, of: "--ranks", in: 2...ClusterFile.largest)
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "martlet-ranks-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        var entries: [Keyring.Entry] = []
        for rank in 0..<ranks {
            let name = BenchRankCommand.name(ofRank: rank)
            let keys = KeyPair.generate()
            try keys.write(to: folder, name: name)
            entries.append(Keyring.Entry(name: name, role: .worker, publicKey: keys.publicKey))
        }
        try Keyring(entries).save(to: ClusterFolder.keyring(in: folder))
        let executable = try ClusterUpCommand.executable()
        let results = folder.appending(path: "results.json")
        try await withThrowingTaskGroup { tasks in
            for rank in 0..<ranks {
                let arguments =
                    [
                        "bench", "rank", "--rank", "\(rank)", "--ranks", "\(ranks)", "--folder", folder.path,
                    ] + path.arguments
                tasks.addTask { try await Self.run(executable, arguments) }
            }
            try await tasks.waitForAll()
        }
        let report = try JSONDecoder().decode(RankReport.self, from: Data(contentsOf: results))
        try output.show(report, lines: report.lines)
    }

    private static func run(_ executable: URL, _ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        guard status == 0 else { throw CommandFailure("a rank ended with status \(status)") }
    }
}
