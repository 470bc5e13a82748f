import Files
import Foundation
import Testing

@Suite struct SmallFileReadingTests {
    @Test func whatIsNoFileIsNotWaitedFor() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "small-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = folder.appending(path: "a").path
        func failure(limit: Int = 3) -> String? {
            do throws(FileError) {
                _ = try SmallFile.read(place, limit: limit)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(failure() == "No such file or directory")
        try #require(mkfifo(place, 0o600) == 0)
        #expect(failure() == "it is a pipe, expected a file")
        #expect(!SmallFile.overwrite([1], at: place))
        // Written, it is a file again.
        try SmallFile.write([1, 2, 3], to: place)
        #expect(try SmallFile.read(place, limit: 3) == [1, 2, 3])
        #expect(failure(limit: 2)?.contains("3 bytes") == true)
    }

    @Test func aFolderIsNotWrittenOver() throws {
        let folder = try TemporaryFolder()
        let path = folder.url.path
        #expect(throws: FileError(path, .written, reason: "it is a folder, expected a file")) {
            try SmallFile.write([1], to: path)
        }
    }
}
