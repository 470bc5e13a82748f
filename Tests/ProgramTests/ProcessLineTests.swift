import Foundation
import Testing

@testable import LocalCluster
@testable import martlet

@Suite struct ProcessLineTests {
    /// Somebody removed the file of one process: it runs all the same, and was not lost.
    @Test func aProcessWithoutAFileIsListedOnceWithARemedy() throws {
        let folder = ClusterFolder(
            root: FileManager.default.temporaryDirectory.appending(path: "lines-\(UUID().uuidString)"))
        try folder.create()
        defer { try? FileManager.default.removeItem(at: folder.root) }
        let file = ClusterFile(name: "a", data: folder.root, workers: .init(count: 1), inference: .init(count: 0))
        try folder.writeRecord(file)
        for node in ["coordinator", "gateway-0"] {
            try #require(ProcessRecord(of: getpid())).write(to: folder.processRecord(of: node))
        }
        let process = try ChildProcess.start(
            URL(filePath: "/bin/sh"),
            arguments: [
                "-c", "while :; do sleep 0.05; done", "worker", "--config", folder.configuration(of: "worker-0").path,
            ], environment: ProcessInfo.processInfo.environment, log: folder.log(of: "worker-0"), node: "worker-0")
        defer {
            process.signal(SIGKILL)
            waitpid(process.processID, nil, 0)
        }
        // Until it has become itself its command line is that of this process.
        while folder.unrecordedProcesses().isEmpty { usleep(1000) }
        let lines = ProcessLine.all(in: folder)
        #expect(lines.map(\.node) == ["coordinator", "gateway-0", "worker-0"])
        #expect(lines.last?.state == .unrecorded && lines.last?.processID == process.processID)
        let text = ProcessLine.lines(lines, folder: folder, width: nil)
        #expect(text.contains { $0.contains("`run` or a file in it was removed") }, "\(text)")
        #expect(text.contains { $0.contains("martlet cluster down") }, "\(text)")
    }
}
