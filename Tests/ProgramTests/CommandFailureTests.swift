import JobProtocol
import LocalCluster
import Foundation
import Messaging
import Testing

@testable import martlet

@Suite struct CommandFailureTests {
    private func with(_ body: (ClusterFolder, ProcessRecord) throws -> Void) throws {
        let folder = ClusterFolder(
            root: FileManager.default.temporaryDirectory.appending(path: "failure-\(UUID().uuidString)"))
        try folder.create()
        defer { try? FileManager.default.removeItem(at: folder.root) }
        try body(folder, #require(ProcessRecord(of: getpid())))
    }

    private func words(of node: String, in folder: ClusterFolder) -> String {
        CommandFailure(folder.presence(of: node), of: node, called: "the gateway", in: folder).description
    }

    @Test func whatMayHaveBeenDoneIsSaidSo() {
        let cause = MessagingError.notConnected(peer: "coordinator")
        let asked = CommandFailure(cause, coordinator: "tcp://h:1").description
        #expect(!asked.contains("may have been done"))
        let changed = CommandFailure(UnansweredCall(cause: cause), coordinator: "tcp://h:1").description
        #expect(changed.hasPrefix(asked) && changed.contains("may have been done"), "\(changed)")
    }

    @Test func aNodeThatWasNeverStartedIsNoClusterThatDoesNotRun() throws {
        try with { folder, process in
            #expect(words(of: "gateway-0", in: folder).contains("does not run"))
            try process.write(to: folder.processRecord(of: NodeName.coordinator))
            #expect(words(of: "gateway-0", in: folder).hasPrefix("the gateway was not started, although others"))
        }
    }

    /// Nothing is started again by a supervisor that is stopped.
    @Test func aSupervisorThatIsStoppedIsNamed() async throws {
        try await withPausedProcess { supervisor in
            try with { folder, process in
                var ended = process
                ended.startTicks += 1
                try ended.write(to: folder.processRecord(of: "gateway-0"))
                try supervisor.write(to: folder.run.appending(path: "supervisor.json"))
                #expect(folder.presence(of: "gateway-0") == .ended(ended))
                let text = words(of: "gateway-0", in: folder)
                #expect(text.contains("kill -CONT \(supervisor.processID)"), "\(text)")
                #expect(!text.contains("being started again"), "\(text)")
                #expect(ClusterWarnings.supervisor(folder)?.found.contains("is stopped") == true)
            }
        }
    }
}
