import Foundation
import Messaging
import Synchronization
import Testing
import Wire

@testable import Cluster

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
            #expect(try await poll(for: .seconds(10)) { !victim.isAlive })

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
            #expect(try await poll(for: .seconds(10)) { paused.isPaused && !dead.isAlive })
            await #expect(throws: LaunchError.paused(["worker-1": paused.processID])) {
                try await fixture.launcher().up(timeout: .seconds(600))
            }
            #expect(fixture.cluster.runningNodes() == Self.nodes.sorted())
            paused.signal(SIGCONT)
            #expect(try await poll(for: .seconds(10)) { !paused.isPaused })
            #expect(try await fixture.launcher().up().started == [])
        }
    }

    @Test func aStoppedCoordinatorIsNamedAtOnce() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let paused = try #require(fixture.cluster.processes()["coordinator"])
            paused.signal(SIGSTOP)
            #expect(try await poll(for: .seconds(10)) { paused.isPaused })
            await #expect(throws: LaunchError.paused(["coordinator": paused.processID])) {
                try await fixture.launcher().up(timeout: .seconds(600))
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
            #expect(try await poll(for: .seconds(10)) { !coordinator.isAlive })
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
            do {
                _ = try await fixture.launcher(file).up()
                Issue.record("it started on a port in use")
            } catch LaunchError.portInUse(let node, let address, let owner) {
                #expect(node == "gateway-0")
                #expect(address == "127.0.0.1:\(listener.port)")
                #expect(owner.hasPrefix("process \(getpid()) ("))
            }
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
