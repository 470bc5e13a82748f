import ClusterProtocol
import Foundation
import Synchronization
import Testing
import Wire

@testable import JobProtocol
@testable import LocalCluster

/// A folder of its own for one test, gone afterwards, and a stand-in for the program: a shell script that writes down
/// the endpoint its configuration asks for and then waits to be ended.
final class LaunchFixture: Sendable {
    let folder: URL
    let program: URL
    /// Nodes that the coordinator is said not to see.
    let unseen = Mutex<Set<String>>([])
    /// How often the coordinator is asked before a promoted version is served; nil: nothing is promoted.
    let servedAfter = Mutex<Int?>(nil)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "launch-\(UUID().uuidString)")
        program = folder.appending(path: "martlet")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = """
            #!/bin/sh
            cd "$(dirname "$3")"
            name=$(sed -n 's/^name: //p' "$3")
            [ -e "../../broken-$name" ] && { echo "something is wrong" >&2; exit 1; }
            [ -e "../../stubborn" ] && trap '' TERM
            endpoint=$(sed -n 's/^endpoint_file: //p' "$3" | tr -d '"')
            while [ -e "../../hold-$name" ]; do sleep 0.05; done
            # In one step, as the program does.
            echo "tcp://127.0.0.1:1234" > "$endpoint.new" && mv "$endpoint.new" "$endpoint"
            while :; do sleep 0.05; done
            """
        try script.write(to: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        try Self.waitUntilNobodyWrites(program)
    }

    /// What another test starts meanwhile has a copy of the descriptor that the script was written to until it has become
    /// itself, and a file that is open for writing cannot be executed. A read lease is to be had once it is not, fcntl(2).
    private static func waitUntilNobodyWrites(_ file: URL) throws {
        let setLease: CInt = 1024
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        while fcntl(descriptor, setLease, F_RDLCK) != 0 {
            try #require(errno == EAGAIN)
            usleep(1000)
        }
    }

    /// Ends whatever a test has left, and removes the folder. Again and again: what a script had begun, such as `mv`,
    /// outlives it for a moment and writes into what is being removed.
    func clear() async {
        let end = ContinuousClock.now + .seconds(300)
        while true {
            do {
                _ = try await cluster.takeDown(grace: .zero)
                return try FileManager.default.removeItem(at: folder)
            } catch {
                guard !(error is LaunchError), .now < end else {
                    Issue.record(error)
                    return
                }
            }
        }
    }

    static func run(_ body: (LaunchFixture) async throws -> Void) async throws {
        let fixture = try LaunchFixture()
        do {
            try await body(fixture)
        } catch {
            await fixture.clear()
            throw error
        }
        await fixture.clear()
    }

    var cluster: ClusterFolder { ClusterFolder(root: folder.appending(path: "data")) }

    func file(workers: Int = 2) -> ClusterFile {
        ClusterFile(
            name: "test", data: folder.appending(path: "data"), coordinator: .init(port: 0),
            workers: .init(count: workers), inference: .init(count: 1), gateway: .init(port: 0))
    }

    func launcher(_ file: ClusterFile? = nil) -> LocalLauncher {
        LocalLauncher(
            file ?? self.file(), executable: program, cores: 2,
            readiness: LocalLauncher.Readiness(
                status: { [self] folder in status(folder) }, gatewayIsLive: { $0 == "tcp://127.0.0.1:1234" }))
    }

    /// As if every process that runs had joined. A script has got through its start once it has written down where it
    /// listens, and touches no file from then on.
    private func status(_ folder: ClusterFolder) -> ClusterStatus {
        let unseen = unseen.withLock { $0 }
        let seen = folder.processes().filter {
            $0.value.isAlive && folder.writtenEndpoint(of: $0.key) != nil && !unseen.contains($0.key)
        }
        let nodes = seen.map { name, record in
            ClusterStatus.NodeStatus(
                name: name, role: name.hasPrefix("inference-") ? .inference : .worker, state: .alive, endpoint: "",
                host: "here",
                processID: UInt32(record.processID), since: .now, lastSeen: .now, cpuPercent: 0, residentBytes: 0,
                activity: "")
        }
        return ClusterStatus(clusterID: "test", version: "0", nodes: nodes, jobs: [], models: models())
    }

    /// Two aliases of one version.
    private func models() -> [ClusterStatus.ServedModel] {
        let left = servedAfter.withLock { left in
            left = left.map { max(0, $0 - 1) }
            return left
        }
        guard let left else { return [] }
        return ["production", "canary"].map { alias in
            ClusterStatus.ServedModel(
                name: "digits", alias: alias, version: 2, replicasReady: left == 0 ? 1 : 0,
                traffic: .init(requestsPerSecond: 0, p50Milliseconds: 0, p99Milliseconds: 0, errorsPerSecond: 0))
        }
    }
}
