import Foundation
import Glibc
import Testing

@testable import martlet

@Suite struct LogDescriptorTests {
    /// With the folder, without it, and not where there is nothing left to belong to.
    @Test(arguments: ["logs/a.log", "logs", ""])
    func aLogThatWasRemovedIsMadeAgain(_ removed: String) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let log = root.appending(path: "logs/a.log")
        try FileManager.default.createDirectory(at: log.deletingLastPathComponent(), withIntermediateDirectories: true)
        let descriptor = open(log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        func write(_ text: String) {
            LogDescriptor.makeAgainIfRemoved(descriptor)
            #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        }
        write("one")
        write("two")
        #expect(try String(contentsOf: log, encoding: .utf8) == "onetwo")
        try FileManager.default.removeItem(at: root.appending(path: removed))
        write("three")
        write("four")
        #expect((try? String(contentsOf: log, encoding: .utf8)) == (removed.isEmpty ? nil : "threefour"))
    }
}
