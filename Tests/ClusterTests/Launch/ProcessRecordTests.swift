import Foundation
import Testing

@testable import LocalCluster

@Suite struct ProcessRecordTests {
    @Test func knowsThisProcess() throws {
        let record = try #require(ProcessRecord(of: getpid()))
        #expect(record.isAlive)
        #expect(record == ProcessRecord(of: getpid()))
    }

    @Test func aRecycledProcessIDIsAStranger() throws {
        var record = try #require(ProcessRecord(of: getpid()))
        record.startTicks -= 1
        #expect(!record.isAlive)
        // Would end this test if it were sent.
        record.signal(SIGKILL)

        record = try #require(ProcessRecord(of: getpid()))
        record.boot = "another"
        #expect(!record.isAlive)
    }

    @Test func thereIsNoSuchProcess() {
        // Above the kernel's largest possible process ID, 2^22.
        #expect(ProcessRecord(of: 1 << 23) == nil)
    }

    @Test func namesInParenthesesDoNotConfuse() throws {
        let fields = (4...19).map(String.init).joined(separator: " ")
        let stat = try #require(ProcessStat(line: "17 (a) b (c)) S \(fields) 20 21 987654 23"))
        #expect(stat.state == "S")
        #expect(stat.parent == 4 && stat.session == 6)
        #expect(stat.startTicks == 987654)
        #expect(ProcessStat(line: "17 (a) Z \(fields) 20 21 5")?.hasEnded == true)
        #expect(ProcessStat(line: "17 (a) S 4 5") == nil)
        #expect(ProcessStat(line: "nonsense") == nil)
    }

    @Test func aNodeIsKnownByItsCommandLine() {
        func place(_ words: String...) -> [String]? { ListedProcess.place(words).map { [$0.root, $0.node] } }
        let file = "/data/a/configuration/coordinator.yaml"
        #expect(place("/opt/martlet", "coordinator", "--config", file) == ["/data/a", "coordinator"])
        #expect(place("/opt/martlet", "supervisor", "--data", "/data/a") == ["/data/a", "supervisor"])
        #expect(place("/opt/martlet", "worker", "--config", "/data/config.yaml") == nil)
        #expect(place("/opt/martlet", "else", "--config", file) == nil)
        #expect(place("coordinator", "--config", file) == nil)
        #expect(place("vi", file) == nil)
    }

    @Test func survivesTheFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pid")
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(ProcessRecord.read(from: file) == nil)
        let record = ProcessRecord(processID: 17, startTicks: 5, boot: "b")
        try record.write(to: file)
        #expect(ProcessRecord.read(from: file) == record)
        try Data("17\n".utf8).write(to: file)
        #expect(ProcessRecord.read(from: file) == nil)
    }
}
