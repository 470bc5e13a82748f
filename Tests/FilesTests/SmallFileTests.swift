import Files
import Foundation
import Testing

@Suite struct SmallFileTests {
    private let folder = try! TemporaryFolder()

    private func inode(_ path: String) throws -> UInt64 {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64)
    }

    @Test func whatIsNotChangedIsNotWritten() throws {
        let path = folder.url.appending(path: "a").path
        try SmallFile.write(Array("one".utf8), to: path)
        let first = try inode(path)
        try SmallFile.write(Array("one".utf8), to: path)
        #expect(try inode(path) == first)
        try SmallFile.write(Array("two".utf8), to: path)
        #expect(try inode(path) != first)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a"])
    }

    /// As on a disk that is full: here the name that a second file would have is too long.
    @Test func whereNoFileCanBeMadeBesideItTheOneThatIsThereIsWrittenOver() throws {
        let path = folder.url.appending(path: String(repeating: "a", count: 250)).path
        let error = #expect(throws: FileError.self) { try SmallFile.write([1], to: path) }
        #expect(error?.path == path)
        try Data("a longer text".utf8).write(to: URL(filePath: path))
        let first = try inode(path)
        try SmallFile.write(Array("short".utf8), to: path)
        #expect(try inode(path) == first)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "short")
        let large = [UInt8](repeating: 1, count: 1 << 20)
        #expect(throws: FileError.self) { try SmallFile.write(large, to: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "short")
    }
}
