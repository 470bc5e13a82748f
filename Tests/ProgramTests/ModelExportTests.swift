import Digests
import Foundation
import Testing

@testable import martlet

@Suite struct ModelExportTests {
    @Test func noFileWithOtherBytesIsReplaced() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let digest = ContentDigest(of: Array("weights".utf8))
        #expect(throws: Never.self) { try ModelExportCommand.requireRoom(at: file, for: digest) }
        try Data("weights".utf8).write(to: file)
        #expect(throws: Never.self) { try ModelExportCommand.requireRoom(at: file, for: digest) }
        try Data("of another version".utf8).write(to: file)
        let error = #expect(throws: CommandFailure.self) {
            try ModelExportCommand.requireRoom(at: file, for: digest)
        }
        #expect(error?.description.contains(file.path) == true)
    }
}
