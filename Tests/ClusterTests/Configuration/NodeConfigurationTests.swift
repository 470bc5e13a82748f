import Foundation
import StrictYAML
import Testing
import Wire

@testable import ClusterProtocol
@testable import LocalCluster

@Suite struct NodeConfigurationTests {
    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "node-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "configuration"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.standardizedFileURL)
    }

    @Test func whatIsWrittenIsRead() throws {
        try inFolder { folder in
            let plan = LaunchPlan(
                ClusterFile(
                    name: "local", data: folder, launchFolders: [URL(filePath: "/opt/trainers")]),
                folder: ClusterFolder(root: folder), cores: 2)
            for node in plan.nodes {
                var configuration = node.configuration
                if node.role == .coordinator { configuration.preparationMemory = 1 << 30 }
                if node.role != .coordinator { configuration.coordinator = "tcp://127.0.0.1:7600" }
                let file = folder.appending(path: "configuration/node.yaml")
                try configuration.yaml(relativeTo: file.deletingLastPathComponent())
                    .write(to: file, atomically: true, encoding: .utf8)
                #expect(try NodeConfiguration(contentsOf: file) == configuration)
            }
        }
    }

    @Test func aCopiedFolderWorksWhereverItIs() throws {
        try inFolder { folder in
            let node = NodeConfiguration(
                name: "worker-9", role: .worker, cluster: "lab", data: folder.appending(path: "data"), keys: folder,
                endpointFile: nil, coordinator: "tcp://10.0.0.1:7600", listen: "tcp://10.0.0.9:0")
            let moved = folder.appending(path: "configuration")
            try node.yaml(relativeTo: folder)
                .write(to: moved.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
            let read = try NodeConfiguration(contentsOf: moved.appending(path: "config.yaml"))
            #expect(read.keys.path == moved.path)
            #expect(read.data.path == moved.appending(path: "data").path)
        }
    }

    @Test(arguments: [
        ("role: worker\nlisten: tcp://127.0.0.1:0", "role: a node of role 'worker' needs the key 'coordinator'"),
        (
            "role: coordinator\nlisten: tcp://127.0.0.1:0\ncoordinator: tcp://127.0.0.1:1",
            "coordinator: a node of role 'coordinator' has no use for this key"
        ),
        (
            "role: coordinator\nlisten: 127.0.0.1:0",
            "listen: expected an address such as tcp://127.0.0.1:7600, found '127.0.0.1:0'"
        ),
        (
            "role: coordinator\nlisten: tcp://127.0.0.1:0\nthreads: 2",
            "threads: a node of role 'coordinator' has no use for this key"
        ),
        (
            "role: coordinator\nlisten: tcp://127.0.0.1:0\nlaunch: { allow: [/opt] }",
            "launch: a node of role 'coordinator' has no use for this key"
        ),
        ("role: operator", "role: an operator is a person, not a process"),
    ])
    func saysWhatIsWrong(_ lines: String, _ expected: String) throws {
        try inFolder { folder in
            let file = folder.appending(path: "node.yaml")
            try "name: n\ncluster: c\ndata: d\nkeys: k\n\(lines)\n".write(to: file, atomically: true, encoding: .utf8)
            do {
                _ = try NodeConfiguration(contentsOf: file)
                Issue.record("it was accepted")
            } catch let error as YAMLError {
                let problems = error.problems.map { "\($0.path): \($0.message)" }
                #expect(problems.contains { $0.hasPrefix(expected) }, "\(problems)")
            }
        }
    }
}
