import Foundation
import Messaging
import Synchronization
import Testing
import Wire

@testable import LocalCluster

@Suite struct LocalLauncherTests {
    private static let nodes = ["coordinator", "inference-0", "worker-0", "worker-1", "gateway-0"]

    @Test func startsAllAndThenNothing() async throws {
        try await LaunchFixture.run { fixture in
            let first = try await fixture.launcher().up()
            #expect(first.started == Self.nodes)
            #expect(first.alreadyRunning == [])
            #expect(first.coordinator == "tcp://127.0.0.1:1234")
            let processes = fixture.cluster.processes()
            #expect(processes.keys.sorted() == Self.nodes.sorted())

            let second = try await fixture.launcher().up()
            #expect(second.started == [])
            #expect(second.alreadyRunning == Self.nodes)
            #expect(fixture.cluster.processes() == processes)

            #expect(try await fixture.cluster.takeDown() == Self.nodes.sorted())
            #expect(processes.values.allSatisfy { !$0.isAlive })
            #expect(!FileManager.default.fileExists(atPath: fixture.cluster.run.path))
            #expect(try await fixture.cluster.takeDown() == [])
        }
    }

    @Test func startsAgainOnlyWhatDied() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let before = fixture.cluster.processes()
            let victim = try #require(before["worker-1"])
            victim.signal(SIGKILL)
            #expect(try await poll(for: .seconds(300)) { !victim.isAlive })

            let outcome = try await fixture.launcher().up()
            #expect(outcome.started == ["worker-1"])
            let after = fixture.cluster.processes()
            #expect(after["worker-1"] != victim)
            #expect(after.filter { $0.key != "worker-1" } == before.filter { $0.key != "worker-1" })
        }
    }

    @Test func refusesAnotherFileWhileTheClusterRuns() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            await #expect(
                throws: LaunchError.changedWhileRunning(cluster: "test", running: Self.nodes.sorted())
            ) { try await fixture.launcher(fixture.file(workers: 3)).up() }
            _ = try await fixture.cluster.takeDown()
            #expect(try await fixture.launcher(fixture.file(workers: 3)).up().started.count == 6)
        }
    }

    @Test func aNodeThatDiesAtStartIsNamedWithTheEndOfItsLog() async throws {
        try await LaunchFixture.run { fixture in
            try Data().write(to: fixture.folder.appending(path: "broken-worker-1"))
            let log = fixture.cluster.log(of: "worker-1")
            try fixture.cluster.create()
            try Data("what an earlier start said\n".utf8).write(to: log)
            await #expect(
                throws: LaunchError.diedAtStart(
                    node: "worker-1", logTail: "something is wrong",
                    log: fixture.cluster.log(of: "worker-1").path)
            ) { try await fixture.launcher().up() }
        }
    }

    @Test func aNodeThatNeverJoinsIsNamed() async throws {
        try await LaunchFixture.run { fixture in
            // Then the scripts have got through their start, which takes as long as it takes.
            _ = try await fixture.launcher().up()
            fixture.unseen.withLock { _ = $0.insert("inference-0") }
            do {
                _ = try await fixture.launcher().up(timeout: .milliseconds(300))
                Issue.record("it was taken for ready")
            } catch LaunchError.notReady(let node, let reason, _, _, _) {
                #expect(node == "inference-0")
                #expect(reason == "the coordinator sees it not at all")
            }
        }
    }

    @Test func aStoppedNodeIsNamedAndTheOthersAreStarted() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let processes = fixture.cluster.processes()
            let paused = try #require(processes["worker-1"])
            let dead = try #require(processes["inference-0"])
            paused.signal(SIGSTOP)
            dead.signal(SIGKILL)
            #expect(try await poll(for: .seconds(300)) { paused.isPaused && !dead.isAlive })
            await #expect(throws: LaunchError.paused(["worker-1": paused.processID])) {
                try await fixture.launcher().up(timeout: .seconds(600))
            }
            #expect(fixture.cluster.runningNodes() == Self.nodes.sorted())
            paused.signal(SIGCONT)
            #expect(try await poll(for: .seconds(300)) { !paused.isPaused })
            #expect(try await fixture.launcher().up().started == [])
        }
    }

    @Test func aStoppedCoordinatorIsNamedAtOnce() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let paused = try #require(fixture.cluster.processes()["coordinator"])
            paused.signal(SIGSTOP)
            #expect(try await poll(for: .seconds(300)) { paused.isPaused })
            await #expect(throws: LaunchError.paused(["coordinator": paused.processID])) {
                try await fixture.launcher().up(timeout: .seconds(600))
            }
        }
    }

    @Test(arguments: ["folder", "pipe"]) func aLogThatCannotBeWrittenIsNamed(kind: String) async throws {
        try await LaunchFixture.run { fixture in
            try fixture.cluster.create()
            let log = fixture.cluster.log(of: "worker-1")
            try #require((kind == "pipe" ? mkfifo(log.path, 0o600) : mkdir(log.path, 0o700)) == 0)
            await #expect(
                throws: LaunchError.cannotStart(
                    node: "worker-1", reason: "its log \(log.path) cannot be written: it is a \(kind), expected a file")
            ) { try await fixture.launcher().up() }
            #expect(LogFile.tail(of: log, lines: 1) == "(\(log.path) cannot be read: it is a \(kind), expected a file)")
        }
    }

    /// Whatever was started and cannot be written down would be nobody's to end.
    @Test(arguments: ["run/supervisor.json", "run/worker-1.pid"]) func aProcessThatCannotBeWrittenDownIsNotLeft(
        _ file: String
    ) async throws {
        try await LaunchFixture.run { fixture in
            let node = file.hasPrefix("run/worker") ? "worker-1" : "supervisor"
            try fixture.cluster.create()
            // What lies in `run` when nothing runs is removed, but for the supervisor's.
            if node == "supervisor" {
                try FileManager.default.createDirectory(
                    at: fixture.cluster.root.appending(path: file), withIntermediateDirectories: true)
            } else {
                _ = try await fixture.launcher().up()
                let victim = try #require(fixture.cluster.processes()[node])
                victim.signal(SIGKILL)
                #expect(try await poll(for: .seconds(300)) { !victim.isAlive })
                let record = fixture.cluster.processRecord(of: node)
                try FileManager.default.removeItem(at: record)
                try FileManager.default.createDirectory(at: record, withIntermediateDirectories: true)
            }
            let error = await #expect(throws: LaunchError.self) { try await fixture.launcher().up(restart: true) }
            guard case .cannotStart(node, let reason)? = error else {
                Issue.record("\(error.map(String.init(describing:)) ?? "it came up")")
                return
            }
            #expect(reason.contains(file), "\(reason)")
            #expect(fixture.cluster.unrecordedProcesses().map(\.node) == [])
        }
    }

    /// One that is to be replaced may not be replaceable, on a disk that is full.
    @Test func aSupervisorThatRunsStays() async throws {
        try await LaunchFixture.run { fixture in
            #expect(try await fixture.launcher().up(restart: true).startedSupervisor)
            let supervisor = try #require(fixture.cluster.supervisor)
            let victim = try #require(fixture.cluster.processes()["worker-1"])
            victim.signal(SIGKILL)
            #expect(try await poll(for: .seconds(300)) { !victim.isAlive })
            let outcome = try await fixture.launcher().up(restart: true)
            #expect(outcome.started == ["worker-1"] && !outcome.startedSupervisor)
            #expect(fixture.cluster.supervisor == supervisor && supervisor.isAlive)
            #expect(fixture.cluster.wantsSupervisor)
            #expect(!outcome.endedSupervisor)
            #expect(try await fixture.launcher().up().endedSupervisor)
            #expect(try await !fixture.launcher().up().endedSupervisor)
            #expect(!supervisor.isAlive && !fixture.cluster.wantsSupervisor && fixture.cluster.supervisor == nil)
        }
    }

    @Test func aStoppedSupervisorIsNamed() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up(restart: true)
            let supervisor = try #require(fixture.cluster.supervisor)
            supervisor.signal(SIGSTOP)
            #expect(try await poll(for: .seconds(300)) { supervisor.isPaused })
            await #expect(throws: LaunchError.paused(["supervisor": supervisor.processID])) {
                try await fixture.launcher().up(restart: true)
            }
        }
    }

    /// Its file, and what an unchanged configuration is written from.
    @Test func aNodeStartsAgainWhereNoFileCanBeMade() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let configuration = fixture.cluster.configuration(of: "worker-1")
            func inode(_ file: URL) throws -> UInt64? {
                try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? UInt64
            }
            let before = try (inode(configuration), inode(fixture.cluster.endpointFile(of: "worker-1")))
            let victim = try #require(fixture.cluster.processes()["worker-1"])
            victim.signal(SIGKILL)
            #expect(try await poll(for: .seconds(300)) { !victim.isAlive })
            // Until then the script puts no file of its own in the place of the one that was kept.
            let hold = fixture.folder.appending(path: "hold-worker-1")
            try Data().write(to: hold)
            try fixture.launcher().startAgain("worker-1")
            #expect(try inode(configuration) == before.0)
            #expect(try inode(fixture.cluster.endpointFile(of: "worker-1")) == before.1)
            try FileManager.default.removeItem(at: hold)
            let listens = try await poll(for: .seconds(300)) {
                fixture.cluster.presence(of: "worker-1") == .listens(at: "tcp://127.0.0.1:1234")
            }
            #expect(listens)
        }
    }

    @Test func whatWasBegunIsTakenDownWhenItIsInterrupted() async throws {
        try await LaunchFixture.run { fixture in
            fixture.unseen.withLock { _ = $0.insert("inference-0") }
            let up = Task { try await fixture.launcher().up(timeout: .seconds(600), restart: true) }
            // And has got through its start: what a script had begun would write into what is being removed.
            let isStarted = try await poll(for: .seconds(300)) {
                fixture.cluster.runningNodes().count == 5
                    && Self.nodes.allSatisfy { fixture.cluster.endpoint(of: $0) != nil }
            }
            #expect(isStarted)
            let processes = fixture.cluster.processes()
            up.cancel()
            await #expect(throws: LaunchError.interrupted(stopped: Self.nodes.sorted())) { try await up.value }
            #expect(processes.values.allSatisfy { !$0.isAlive })
            #expect(!fixture.cluster.isUp && !fixture.cluster.wasStarted)
        }
    }

    @Test func whatRanBeforeAnInterruptionRunsOn() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            fixture.unseen.withLock { _ = $0.insert("inference-0") }
            let up = Task { try await fixture.launcher().up(timeout: .seconds(600)) }
            up.cancel()
            await #expect(throws: LaunchError.interrupted(stopped: [])) { try await up.value }
            #expect(fixture.cluster.runningNodes() == Self.nodes.sorted())
        }
    }

    /// A supervisor would start again what is ended.
    @Test(arguments: [false, true]) func whatWasStartedAgainIsTakenBackWhereNoSupervisorIsDue(
        _ isSupervised: Bool
    ) async throws {
        try await LaunchFixture.run { fixture in
            let cluster = fixture.cluster
            _ = try await fixture.launcher().up(restart: isSupervised)
            let victims = [cluster.processes()["worker-1"], isSupervised ? cluster.supervisor : nil].compactMap(\.self)
            victims.forEach { $0.signal(SIGKILL) }
            #expect(try await poll(for: .seconds(300)) { victims.allSatisfy { !$0.isAlive } })
            fixture.unseen.withLock { _ = $0.insert("inference-0") }
            // Asked for the other thing, which is taken back as well.
            let up = Task { try await fixture.launcher().up(timeout: .seconds(600), restart: !isSupervised) }
            #expect(try await poll(for: .seconds(300)) { cluster.runningNodes().count == 5 })
            up.cancel()
            let expected = LaunchError.interrupted(
                stopped: isSupervised ? [] : ["worker-1"], kept: isSupervised ? ["worker-1"] : [])
            await #expect(throws: expected) { try await up.value }
            #expect(cluster.runningNodes().contains("worker-1") == isSupervised)
            #expect(cluster.runningNodes().count == (isSupervised ? 5 : 4))
            #expect(cluster.wantsSupervisor == isSupervised)
            #expect((cluster.supervisor?.isAlive == true) == isSupervised)
        }
    }

    /// As after an `up` that was killed.
    @Test func whatWasNeverStartedIsMissing() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            #expect(fixture.cluster.missingNodes() == [])
            let worker = try #require(fixture.cluster.processes()["worker-1"])
            worker.signal(SIGKILL)
            try FileManager.default.removeItem(at: fixture.cluster.processRecord(of: "worker-1"))
            #expect(fixture.cluster.missingNodes() == ["worker-1"])
        }
    }

    @Test(arguments: ["run", ""]) func processesWithoutFilesAreFoundAndEnded(_ removed: String) async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up(restart: true)
            let processes = fixture.cluster.processes()
            let supervisor = try #require(fixture.cluster.supervisor)
            #expect(fixture.cluster.unrecordedProcesses().isEmpty)
            let folder = removed.isEmpty ? fixture.cluster.root : fixture.cluster.root.appending(path: removed)
            try FileManager.default.removeItem(at: folder)

            #expect(
                fixture.cluster.unrecordedProcesses().map(\.node) == (Self.nodes + ["supervisor"]).sorted())
            #expect(fixture.cluster.isUp)
            let error = await #expect(throws: LaunchError.self) { try await fixture.launcher().up() }
            guard case .unrecorded(let found, _, _)? = error else {
                Issue.record("\(error.map(String.init(describing:)) ?? "a second set was started")")
                return
            }
            #expect(found["coordinator"] == processes["coordinator"]?.processID)
            if removed.isEmpty { try FileManager.default.removeItem(at: folder) }
            #expect(try await fixture.cluster.takeDown() == Self.nodes.sorted())
            #expect((processes.values + [supervisor]).allSatisfy { !$0.isAlive })
            #expect(!fixture.cluster.isUp)
        }
    }

    @Test func noKeyIsMadeUnderProcessesThatRun() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let keys = fixture.cluster.keys
            let key = ClusterFolder.key(of: "worker-0", in: keys)
            try FileManager.default.removeItem(at: key)
            #expect(fixture.cluster.missingKeys() == ["worker-0.key"])
            let option = fixture.cluster.option
            await #expect(throws: LaunchError.keysMissing(["worker-0"], folder: keys.path, option: option)) {
                try await fixture.launcher().up()
            }
            #expect(!FileManager.default.fileExists(atPath: key.path))
            _ = try await fixture.cluster.takeDown()
            _ = try await fixture.launcher().up()
            #expect(fixture.cluster.missingKeys() == [])
        }
    }

    @Test func aFolderThatCannotBeReadIsNoClusterThatDoesNotRun() async throws {
        try await LaunchFixture.run { fixture in
            let folder = ClusterFolder(root: fixture.program)
            let error = LaunchError.dataIsNoFolder(fixture.program.path)
            #expect(throws: error) { try folder.checkAccess() }
            #expect(error.description.contains("`data` in the cluster file") && !error.description.contains("user"))
            let below = fixture.program.appending(path: "data")
            #expect(throws: LaunchError.dataIsNoFolder(below.path)) { try ClusterFolder(root: below).checkAccess() }
            await #expect(throws: error) { try await folder.takeDown() }
            #expect(throws: Never.self) { try fixture.cluster.checkAccess() }
        }
    }

    /// The folder is named, and not the data that it lies in.
    @Test func aFileInThePlaceOfAFolderIsNamed() async throws {
        try await LaunchFixture.run { fixture in
            let folder = fixture.cluster
            for place in [folder.run, folder.logs] {
                try folder.create()
                try FileManager.default.removeItem(at: place)
                try Data().write(to: place)
                do {
                    _ = try await fixture.launcher().up()
                    Issue.record("it came up")
                } catch {
                    #expect(
                        "\(error)".hasPrefix("\(place.path) cannot be used as a folder: it is a file"), "\(error)")
                }
                try FileManager.default.removeItem(at: place)
            }
        }
    }

    /// A coordinator that dies twice must not come back where nobody looks for it.
    @Test func theLastPortIsKnownAlsoOfANodeThatNeverListened() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            #expect(fixture.cluster.rememberedPort(of: "coordinator") == 1234)
            let coordinator = try #require(fixture.cluster.processes()["coordinator"])
            coordinator.signal(SIGKILL)
            #expect(try await poll(for: .seconds(300)) { !coordinator.isAlive })
            try Data().write(to: fixture.folder.appending(path: "broken-coordinator"))
            try fixture.launcher().startAgain("coordinator")
            #expect(fixture.cluster.endpoint(of: "coordinator") == nil)
            #expect(fixture.cluster.rememberedPort(of: "coordinator") == 1234)
            #expect(fixture.cluster.rememberedPort(of: "worker-0") == 1234)
            #expect(fixture.cluster.rememberedPort(of: "nobody") == nil)
        }
    }

    @Test(arguments: ["coordinator", "gateway-0"]) func anEndpointFileThatHoldsNoAddressIsNamedAtOnce(
        _ node: String
    ) async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let process = try #require(fixture.cluster.processes()[node])
            let file = fixture.cluster.endpointFile(of: node)
            try Data("garbage".utf8).write(to: file)
            await #expect(
                throws: LaunchError.damagedEndpoint(node: node, processID: process.processID, file: file.path)
            ) { try await fixture.launcher().up(timeout: .seconds(600)) }
        }
    }

    @Test func whatIsPromotedIsWaitedForUntilItIsServed() async throws {
        try await LaunchFixture.run { fixture in
            fixture.servedAfter.withLock { $0 = 3 }
            let outcome = try await fixture.launcher().up()
            #expect(outcome.unserved == [])
            #expect(fixture.servedAfter.withLock { $0 } == 0)
        }
    }

    @Test func whatIsNotServedInTimeIsNamed() async throws {
        try await LaunchFixture.run { fixture in
            fixture.servedAfter.withLock { $0 = .max }
            let unserved = try await fixture.launcher().waitUntilServed(patience: .zero) { _ in }
            #expect(unserved == ["digits:2 (digits@canary, digits@production)"])
        }
    }

    @Test func aNameWithoutAnAddressIsRefused() async throws {
        try await LaunchFixture.run { fixture in
            var file = fixture.file()
            file.coordinator.host = "no such host"
            await #expect(throws: LaunchError.unknownHost("no such host")) { try await fixture.launcher(file).up() }
            #expect(fixture.cluster.processes().isEmpty)
        }
    }

    /// What /etc/hosts often says of a machine's own name.
    @Test func aNameThatLeadsToThisMachineAloneIsRefusedWhereOthersMustReachIt() async throws {
        try await LaunchFixture.run { fixture in
            var file = fixture.file()
            file.coordinator.host = "localhost"
            file.remote = [.init(name: "worker-7", role: .worker, host: "10.0.0.7")]
            await #expect(throws: LaunchError.unreachableHost("localhost", address: "127.0.0.1")) {
                try await fixture.launcher(file).up()
            }
            #expect(fixture.cluster.processes().isEmpty)
        }
    }

    @Test func aPortInUseIsNamedWithItsOwner() async throws {
        try await LaunchFixture.run { fixture in
            let listener = try ListeningSocket()
            var file = fixture.file()
            file.gateway.port = listener.port
            var named = ""
            // Not at once: a line of the kernel's table is passed over when others go while it is read.
            let isNamed = try await poll(for: .seconds(300)) {
                do {
                    _ = try await fixture.launcher(file).up()
                    Issue.record("it started on a port in use")
                    return true
                } catch LaunchError.portInUse(let node, let address, let owner) {
                    #expect(node == "gateway-0")
                    #expect(address == "127.0.0.1:\(listener.port)")
                    named = owner
                    return owner.hasPrefix("process \(getpid()) (")
                }
            }
            #expect(isNamed, "\(named)")
            #expect(fixture.cluster.processes().isEmpty)
        }
    }

    @Test func whatIgnoresTheRequestIsKilled() async throws {
        try await LaunchFixture.run { fixture in
            try Data().write(to: fixture.folder.appending(path: "stubborn"))
            _ = try await fixture.launcher().up()
            let processes = fixture.cluster.processes()
            #expect(try await fixture.cluster.takeDown(grace: .milliseconds(100)).count == 5)
            #expect(processes.values.allSatisfy { !$0.isAlive })
        }
    }

    @Test func oneCommandAtATime() async throws {
        try await LaunchFixture.run { fixture in
            try fixture.cluster.create()
            try await FileLock.hold(fixture.cluster.lock, busy: CancellationError()) {
                await #expect(throws: LaunchError.busy(folder: fixture.cluster.root.path)) {
                    try await fixture.launcher().up()
                }
                await #expect(throws: LaunchError.busy(folder: fixture.cluster.root.path)) {
                    try await fixture.cluster.takeDown()
                }
            }
        }
    }

    @Test func keysAreSecretAndStay() async throws {
        try await LaunchFixture.run { fixture in
            var file = fixture.file(workers: 1)
            _ = try await fixture.launcher(file).up()
            let keyring = try Keyring(contentsOf: fixture.cluster.keyring)
            #expect(keyring.entry(named: "operator")?.role == .operator)
            let mode =
                try FileManager.default.attributesOfItem(
                    atPath: ClusterFolder.key(of: "worker-0", in: fixture.cluster.keys).path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            _ = try await fixture.cluster.takeDown()

            file.remote = [.init(name: "worker-7", role: .worker, host: "10.0.0.7")]
            let outcome = try await fixture.launcher(file).up()
            let extended = try Keyring(contentsOf: fixture.cluster.keyring)
            #expect(extended.key(of: "worker-0") == keyring.key(of: "worker-0"))
            let remote = try #require(outcome.remote["worker-7"])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: remote.path).sorted()
                    == ["config.yaml", "keyring.json", "worker-7.key"])
            let text = try String(contentsOf: remote.appending(path: "config.yaml"), encoding: .utf8)
            #expect(text.contains(#"keys: ".""#))
            #expect(text.contains(#"listen: "tcp://10.0.0.7:0""#))
        }
    }
}
