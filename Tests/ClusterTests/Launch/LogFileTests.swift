import Foundation
import Testing

@testable import Cluster

@Suite struct LogFileTests {
    @Test func showsTheEnd() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(LogFile.tail(of: file, lines: 3) == "(there is no such file)")
        try Data().write(to: file)
        #expect(LogFile.tail(of: file, lines: 3) == "(it is empty)")
        let lines = (0..<10_000).map { "line \($0)" }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        #expect(LogFile.tail(of: file, lines: 2) == "line 9998\nline 9999")
        let end = LogFile.tail(of: file, lines: 2, from: LogFile.size(of: file))
        #expect(end == "(nothing was added to it since this command began)")
    }

    @Test func aLongLogIsSetAside() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).log")
        let aside = URL(filePath: file.path + ".1")
        defer { [file, aside].forEach { try? FileManager.default.removeItem(at: $0) } }
        try Data("short".utf8).write(to: file)
        try LogFile.rotate(file)
        #expect(FileManager.default.fileExists(atPath: file.path))
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(LogFile.rotationBytes) + 1)
        try handle.close()
        try LogFile.rotate(file)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(FileManager.default.fileExists(atPath: aside.path))
    }

    /// The node goes on with the descriptor that it has.
    @Test func aLongLogOfANodeThatRunsIsSetAside() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).log")
        let aside = URL(filePath: file.path + ".1")
        defer { [file, aside].forEach { try? FileManager.default.removeItem(at: $0) } }
        let writer = open(file.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(writer) }
        for part in 0..<2 {
            #expect(ftruncate(writer, off_t(LogFile.rotationBytes)) == 0)
            #expect(write(writer, "end \(part)\n", 6) == 6)
            try LogFile.rotateWhileWritten(file)
            #expect(LogFile.size(of: file) == 0)
            #expect(LogFile.size(of: aside) == UInt64(LogFile.rotationBytes) + 6)
            #expect(LogFile.tail(of: aside, lines: 1).hasSuffix("end \(part)"))
            #expect(write(writer, "next\n", 5) == 5)
            #expect(LogFile.tail(of: file, lines: 2) == "next")
            // Short, so it stays as it is.
            try LogFile.rotateWhileWritten(file)
            #expect(LogFile.size(of: file) == 5)
        }
    }
}
