import Foundation
import Glibc
import Logging
import Testing

@testable import LocalCluster

/// The supervisor with real processes, which a shell script stands in for.
@Suite struct SupervisorTests {
    /// Runs the body while a supervisor watches.
    private func supervised(
        _ fixture: LaunchFixture, _ body: () async throws -> Void
    ) async throws {
        let supervisor = Supervisor(
            fixture.launcher(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            interval: .milliseconds(10),
            policy: .init(firstPause: .milliseconds(10), longestPause: .milliseconds(10)))
        let task = Task { try await supervisor.run() }
        do {
            try await body()
        } catch {
            task.cancel()
            throw error
        }
        task.cancel()
        try await task.value
    }

    private func expectSoon(
        sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
    ) async throws {
        let isTrue = try await poll(for: .seconds(20), until: condition)
        #expect(isTrue, sourceLocation: sourceLocation)
    }

    @Test func startsAgainWhatIsKilledAndSaysWhy() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let before = fixture.cluster.processes()
            let victim = try #require(before["worker-1"])
            try await supervised(fixture) {
                victim.signal(SIGKILL)
                try await expectSoon {
                    let process = fixture.cluster.processes()["worker-1"]
                    return process != victim && process?.isAlive == true
                }
                try await expectSoon {
                    fixture.cluster.restartRecords()["worker-1"]?.restarts == 1
                }
                let record = fixture.cluster.restartRecords()["worker-1"]
                #expect(record?.lastReason == "it was ended by signal 9 (SIGKILL)")
                #expect(record?.nextTry == nil)
                let others = fixture.cluster.processes().filter { $0.key != "worker-1" }
                #expect(others == before.filter { $0.key != "worker-1" })
            }
        }
    }

    /// As on a disk that is full for a while: a folder in the place of the file takes no bytes either.
    @Test func whatCouldNotBeWrittenDownIsWrittenLater() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            // Made before it is needed, for the room that it has.
            #expect(FileManager.default.fileExists(atPath: fixture.cluster.restarts.path))
            #expect(fixture.cluster.restartRecords() == [:])
            let victim = try #require(fixture.cluster.processes()["worker-1"])
            try await supervised(fixture) {
                try FileManager.default.removeItem(at: fixture.cluster.restarts)
                try FileManager.default.createDirectory(
                    at: fixture.cluster.restarts, withIntermediateDirectories: false)
                victim.signal(SIGKILL)
                try await expectSoon {
                    let process = fixture.cluster.processes()["worker-1"]
                    return process != victim && process?.isAlive == true
                }
                #expect(fixture.cluster.restartRecords() == [:])
                try FileManager.default.removeItem(at: fixture.cluster.restarts)
                try await expectSoon { fixture.cluster.restartRecords()["worker-1"]?.restarts == 1 }
            }
        }
    }

    /// Whoever removed the file, or wrote nonsense into it, has not taken the node out of the cluster.
    @Test(arguments: [nil, "hi"])
    func startsAgainWhatIsKilledWithoutItsFile(content: String?) async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let first = try #require(fixture.cluster.processes()["worker-1"])
            try await supervised(fixture) {
                // So that the supervisor knows it.
                first.signal(SIGKILL)
                try await expectSoon { fixture.cluster.restartRecords()["worker-1"]?.restarts == 1 }
                let victim = try #require(fixture.cluster.processes()["worker-1"])
                let file = fixture.cluster.processRecord(of: "worker-1")
                try FileManager.default.removeItem(at: file)
                if let content { try content.write(to: file, atomically: true, encoding: .utf8) }
                victim.signal(SIGKILL)
                try await expectSoon {
                    let process = fixture.cluster.processes()["worker-1"]
                    return process != victim && process?.isAlive == true
                }
                try await expectSoon { fixture.cluster.restartRecords()["worker-1"]?.restarts == 2 }
                #expect(fixture.cluster.runningNodes().count == 5)
            }
        }
    }

    /// Those of the nodes and its own.
    @Test func logsAreBounded() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let logs = ["worker-1", NodeName.supervisor].map { fixture.cluster.log(of: $0) }
            for log in logs {
                #expect(FileManager.default.createFile(atPath: log.path, contents: nil))
                #expect(truncate(log.path, off_t(LogFile.rotationBytes) + 1) == 0)
            }
            try await supervised(fixture) {
                try await expectSoon { logs.allSatisfy { LogFile.size(of: $0) < 1 << 20 } }
                #expect(logs.allSatisfy { LogFile.size(of: URL(filePath: $0.path + ".1")) > LogFile.rotationBytes })
            }
        }
    }

    @Test func doesNotInterfereWhileACommandIsAtWork() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let victim = try #require(fixture.cluster.processes()["worker-1"])
            try await supervised(fixture) {
                try await FileLock.hold(
                    fixture.cluster.lock, patience: .seconds(10), busy: CancellationError()
                ) {
                    victim.signal(SIGKILL)
                    // Well past the moment at which it is due.
                    try await expectSoon {
                        let due = fixture.cluster.restartRecords()["worker-1"]?.nextTry
                        return due.map { $0.timeIntervalSinceNow < -0.1 } ?? false
                    }
                    #expect(fixture.cluster.processes()["worker-1"] == victim)
                }
                try await expectSoon { fixture.cluster.processes()["worker-1"]?.isAlive == true }
            }
        }
    }

    @Test func endsWhenTheClusterIsTakenDown() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            let supervisor = Supervisor(
                fixture.launcher(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                interval: .milliseconds(10))
            let task = Task { try await supervisor.run() }
            // Again and again: no process of its own, it is not ended first, and may write into what is being removed.
            let isDown = try await poll(for: .seconds(300)) { (try? await fixture.cluster.takeDown()) != nil }
            #expect(isDown)
            try await task.value
            #expect(fixture.cluster.processes().isEmpty)
        }
    }

    @Test func thereIsOneOnly() async throws {
        try await LaunchFixture.run { fixture in
            _ = try await fixture.launcher().up()
            try await FileLock.hold(fixture.cluster.supervisorLock, busy: CancellationError()) {
                let second = Supervisor(
                    fixture.launcher(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
                    patience: .zero)
                await #expect(throws: LaunchError.supervised(folder: fixture.cluster.root.path)) {
                    try await second.run()
                }
            }
        }
    }

    @Test func nothingWasStartedThere() {
        #expect(throws: LaunchError.nothingToSupervise(folder: "/nowhere")) {
            try Supervisor(
                folder: URL(filePath: "/nowhere"), executable: URL(filePath: "/bin/sh"), cores: 1,
                logger: Logger(label: "test"))
        }
    }
}
