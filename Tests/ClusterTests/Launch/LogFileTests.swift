import Foundation
import Testing

@testable import LocalCluster

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

    /// Whatever keeps it from being copied, a full disk or, as here, a name that is too long: nothing is lost for it.
    @Test func whatCannotBeCopiedStays() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        // With room for `.1` up to the 255 bytes that a name may have, and for no more.
        let file = folder.appending(path: String(repeating: "n", count: 253))
        let aside = URL(filePath: file.path + ".1")
        try Data("before".utf8).write(to: aside)
        #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
        #expect(truncate(file.path, off_t(LogFile.rotationBytes) + 1) == 0)
        #expect(throws: (any Error).self) { try LogFile.rotateWhileWritten(file) }
        #expect(try Data(contentsOf: aside) == Data("before".utf8))
        #expect(LogFile.size(of: file) == UInt64(LogFile.rotationBytes) + 1)
    }

    /// What is left of a copy that was cut off is in nobody's way, and nothing of a copy is left.
    @Test func aCopyThatWasCutOffIsMadeAgain() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "node.log")
        try Data("half".utf8).write(to: folder.appending(path: "node.log.1.partial"))
        #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
        #expect(truncate(file.path, off_t(LogFile.rotationBytes) + 1) == 0)
        try LogFile.rotateWhileWritten(file)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["node.log", "node.log.1"])
    }

    /// A log that cannot be set aside is tried again later and later, and told of once; the others are not concerned.
    @Test func triesAgainLaterAndLater() {
        var tries = RotationTries()
        var now = ContinuousClock.now
        #expect(tries.isDue("worker-0", at: now))
        for (index, minutes) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            #expect(tries.failed("worker-0", at: now) == (index == 0))
            let due = now + .seconds(60 * minutes)
            #expect(!tries.isDue("worker-0", at: due - .milliseconds(1)), "\(minutes)")
            #expect(tries.isDue("worker-0", at: due), "\(minutes)")
            #expect(tries.isDue("worker-1", at: now))
            now = due
        }
        tries.succeeded("worker-0")
        #expect(tries == RotationTries())
        #expect(tries.failed("worker-0", at: now) == true)
        #expect(tries.isDue("worker-0", at: now + .seconds(60)))
    }
}
