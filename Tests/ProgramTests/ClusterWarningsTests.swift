import Coordinator
import LocalCluster
import Foundation
import Messaging
import Testing

@testable import martlet

@Suite struct ClusterWarningsTests {
    private func with(_ body: (ClusterFolder) throws -> Void) throws {
        let folder = ClusterFolder(
            root: FileManager.default.temporaryDirectory.appending(path: "warnings-\(UUID().uuidString)"))
        try folder.create()
        defer { try? FileManager.default.removeItem(at: folder.root) }
        try body(folder)
    }

    @Test func aSoundFolderHasNone() throws {
        try with { #expect(ClusterWarnings.all(in: $0) == []) }
    }

    @Test func aStateThatIsGoneAndASupervisorThatEnded() throws {
        try with { folder in
            let data = folder.data(of: NodeName.coordinator)
            try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
            try Data("{\"cluster\": \"x\"}".utf8).write(to: data.appending(path: "identity.json"))
            var ended = try #require(ProcessRecord(of: getpid()))
            ended.startTicks += 1
            try ended.write(to: folder.run.appending(path: "supervisor.json"))
            let warnings = ClusterWarnings.all(in: folder)
            #expect(warnings.map(\.subject) == ["supervisor", "state"])
            #expect(warnings.last?.found == "\(data.path)/state.sqlite is gone")
            #expect(warnings.last?.remedy.hasPrefix("put a backup back") == true)
            let running = try #require(ProcessRecord(of: getpid()))
            try running.write(to: folder.processRecord(of: NodeName.coordinator))
            #expect(ClusterWarnings.state(folder)?.remedy.contains("martlet cluster backup") == true)
            let lines = StatusDocument(Sample.status(), of: folder).lines(width: 10)
            #expect(lines[1] == "WARNINGS")
            #expect(lines[3].hasPrefix("state: \(data.path)/state.sqlite is gone: the coordinator"))
        }
    }

    /// `up` was killed after it had started one process.
    @Test func anUpThatWasCutOffIsNoNoRestart() throws {
        try with { folder in
            let file = ClusterFile(name: "a", data: folder.root, workers: .init(count: 1), inference: .init(count: 0))
            try JSONEncoder().encode(file).write(to: folder.record)
            try #require(ProcessRecord(of: getpid())).write(to: folder.processRecord(of: NodeName.coordinator))
            let processes = ProcessLine.all(in: folder)
            #expect(processes.map(\.node) == ["coordinator", "gateway-0", "worker-0"])
            #expect(processes.map(\.state) == [.runs, .missing, .missing])
            let lines = ProcessLine.lines(processes, folder: folder, width: nil)
            #expect(lines.contains { $0.hasPrefix("no supervisor was started") }, "\(lines)")
            #expect(!lines.contains { $0.contains("--no-restart") }, "\(lines)")
            let warnings = ClusterWarnings.all(in: folder)
            #expect(warnings.map(\.subject) == ["processes", "supervisor", "keys"])
            #expect(warnings[0].state == .broken)
            let unknown = "not running, and without a file in run: `up` was cut off, or the file was removed"
            #expect(warnings[0].found == "gateway-0, worker-0 \(unknown)")
            #expect(
                warnings[2].found.hasPrefix("coordinator.key, gateway-0.key, worker-0.key, operator.key, keyring.json")
                    || warnings[2].found.contains("keyring.json are not in"), "\(warnings[2].found)")
        }
    }

    private func finding(_ subject: String, _ folder: ClusterFolder) -> Finding? {
        let file = ClusterFile(
            name: "a", data: folder.root, coordinator: .init(port: 0), workers: .init(count: 1),
            inference: .init(count: 0), gateway: .init(port: 0))
        return ClusterChecks.findings(file).first { $0.subject == subject }
    }

    /// The folder of what runs was removed, and the supervisor has ended with it.
    @Test func aSupervisorOfWhichNothingIsKnownIsNoChoice() throws {
        try with { folder in
            #expect(finding("supervisor", folder) == .ok("supervisor", "none, as no process runs"))
            try #require(ProcessRecord(of: getpid())).write(to: folder.processRecord(of: NodeName.coordinator))
            #expect(finding("supervisor", folder)?.state == .warning)
            #expect(finding("supervisor", folder)?.found.contains("--no-restart") == false)
            #expect(ClusterWarnings.all(in: folder).map(\.subject) == ["supervisor"])
            try Data().write(to: folder.run.appending(path: "no-restart"))
            #expect(finding("supervisor", folder) == .ok("supervisor", "none: started with --no-restart"))
        }
    }

    @Test(arguments: [0o644, 0o640]) func aKeyThatOthersMayReadIsNamed(_ mode: Int) throws {
        try with { folder in
            #expect(finding("keys", folder)?.state == .ok)
            for name in ["worker-0", "operator", "stranger"] {
                _ = try KeyPair.generate().write(to: folder.keys, name: name)
            }
            #expect(finding("keys", folder)?.state == .ok)
            for name in ["worker-0", "stranger"] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: folder.keys.appending(path: "\(name).key").path)
            }
            let found = try #require(finding("keys", folder))
            #expect(found.state == .broken && found.found.contains("worker-0.key"), "\(found)")
            // One that the cluster does not need is in nobody's way.
            #expect(!found.found.contains("stranger"), "\(found)")
        }
    }

    @Test func aFileInThePlaceOfTheDataIsCalledSo() throws {
        try with { folder in
            let file = folder.root.appending(path: "origin")
            try Data().write(to: file)
            let found = try #require(finding("data folder", ClusterFolder(root: file)))
            #expect(found.state == .broken && found.found.contains("which is a file"), "\(found)")
            #expect(found.remedy == "name a folder as `data` in the cluster file")
        }
    }

    /// A pipe and a folder are there as much as a file is.
    @Test func whatIsNoStateIsNamedForWhatItIs() throws {
        try with { folder in
            let state = CoordinatorFolder(folder.data(of: NodeName.coordinator)).state
            try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
            #expect(finding("state", folder)?.state == .broken)
            let lines = ClusterStatusCommand.lines([], folder, width: nil)
            #expect(lines.contains("WARNINGS") && lines.last?.hasPrefix("state: \(state.path)") == true, "\(lines)")
            #expect(
                ClusterWarnings.state(folder)?.found == "\(state.path) cannot be used: it is a folder, expected a file")
            try FileManager.default.removeItem(at: state)
            try #require(mkfifo(state.path, 0o600) == 0)
            #expect(
                ClusterWarnings.state(folder)?.found == "\(state.path) cannot be used: it is a pipe, expected a file")
            try FileManager.default.removeItem(at: state)
            try Data().write(to: state)
            #expect(finding("state", folder)?.state == .ok)
        }
    }

    @Test(arguments: [
        "logs", "keys", "configuration", "nodes", "nodes/coordinator", "nodes/coordinator/store",
        "nodes/coordinator/store/objects", "run",
    ])
    func aFileInThePlaceOfAFolderIsNamed(_ name: String) throws {
        try with { folder in
            let place = folder.root.appending(path: name)
            try? FileManager.default.removeItem(at: place)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: place)
            let words = "\(place.path) cannot be used as a folder: it is a file, expected a folder"
            let found = try #require(finding("folders", folder))
            #expect(found.state == .broken && found.found == words, "\(found)")
            #expect(ClusterWarnings.folders(folder) == found)
        }
    }

    @Test(arguments: ["folder", "pipe"]) func whatLiesInThePlaceOfTheFileOfAProcessIsNamed(_ kind: String) throws {
        try with { folder in
            let file = ClusterFile(name: "a", data: folder.root, workers: .init(count: 1), inference: .init(count: 0))
            try JSONEncoder().encode(file).write(to: folder.record)
            for node in ["coordinator", "gateway-0"] {
                try #require(ProcessRecord(of: getpid())).write(to: folder.processRecord(of: node))
            }
            let place = folder.processRecord(of: "worker-0").path
            let status = kind == "folder" ? mkdir(place, 0o700) : mkfifo(place, 0o600)
            try #require(status == 0)
            let words = "\(place) cannot be read: it is a \(kind), expected a file"
            let found = try #require(finding("process files", folder))
            #expect(found.state == .broken && found.found == words, "\(found)")
            #expect(found.remedy.hasPrefix("move away what is no file"))
            #expect(ClusterWarnings.all(in: folder).contains(found))
            let lines = ClusterStatusCommand.lines(ProcessLine.all(in: folder), folder, width: nil)
            #expect(lines.contains { $0.hasPrefix("process files: \(words)") }, "\(lines)")
            let hidden = "worker-0 not running, and something else lies in the place of the file in run"
            #expect(ClusterWarnings.processes(folder)?.found == hidden)
        }
    }

    /// Why it last ended stays known where its file is gone.
    @Test func aProcessWithoutAFileIsListedWithTheReasonOfItsEnd() throws {
        try with { folder in
            let file = ClusterFile(name: "a", data: folder.root, workers: .init(count: 1), inference: .init(count: 0))
            try JSONEncoder().encode(file).write(to: folder.record)
            let restarts = ["worker-0": RestartRecord(restarts: 2, lastReason: "killed", lastEnd: .now)]
            try JSONEncoder().encode(restarts).write(to: folder.run.appending(path: "restarts.json"))
            let line = try #require(ProcessLine.all(in: folder).first { $0.node == "worker-0" })
            #expect(line.state == .missing && line.restarts == 2 && line.lastReason == "killed", "\(line)")
        }
    }

    /// Whether something starts it again decides how bad it is.
    @Test func aProcessThatEndedIsBrokenWithoutASupervisorThatWorks() throws {
        try with { folder in
            let alive = try #require(ProcessRecord(of: getpid()))
            var ended = alive
            ended.startTicks += 1
            try ended.write(to: folder.processRecord(of: "worker-0"))
            #expect(ClusterWarnings.processes(folder)?.state == .broken)
            #expect(ClusterWarnings.processes(folder)?.remedy.contains("martlet cluster up") == true)
            try alive.write(to: folder.run.appending(path: "supervisor.json"))
            #expect(ClusterWarnings.processes(folder)?.state == .warning)
            try ended.write(to: folder.run.appending(path: "supervisor.json"))
            #expect(ClusterWarnings.processes(folder)?.state == .broken)
        }
    }

    /// It is there and does nothing, and no supervisor starts it again.
    @Test func aNodeThatIsStoppedIsNamedWithItsRemedy() async throws {
        try await withPausedProcess { process in
            try with { folder in
                try process.write(to: folder.processRecord(of: "worker-0"))
                let found = Finding.broken(
                    "processes", "worker-0 (process \(process.processID)) is stopped, as by Ctrl-Z or SIGSTOP",
                    remedy: "`kill -CONT \(process.processID)` lets it go on")
                #expect(ClusterWarnings.all(in: folder).contains(found))
                #expect(finding("processes", folder) == found)
            }
        }
    }

    @Test func aStalePidFileIsNoClusterWithoutASupervisor() throws {
        try with { folder in
            var record = try #require(ProcessRecord(of: getpid()))
            func lines() -> [String] {
                ProcessLine.lines(ProcessLine.all(in: folder), folder: folder, width: nil)
            }
            try record.write(to: folder.processRecord(of: NodeName.coordinator))
            #expect(lines().contains { $0.contains("--no-restart") })
            record.startTicks += 1
            try record.write(to: folder.processRecord(of: NodeName.coordinator))
            #expect(!lines().contains { $0.contains("--no-restart") })
            #expect(lines().last?.contains("starts what does not run") == true)
        }
    }
}
