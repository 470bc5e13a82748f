import Foundation
import Testing

@testable import Files

/// Where the bytes of an output go, whatever its path leads to.
@Suite struct OutputFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aNewFileIsThereWholeOrNotAtAll() throws {
        let path = folder.path("report.html")
        do {
            let file = try OutputFile(path)
            try file.write(Array("half".utf8))
        }
        #expect(try folder.names == [])
        try OutputFile.write(Array("whole".utf8), to: path)
        #expect(try folder.names == ["report.html"])
        #expect(try text(at: path) == "whole")
    }

    @Test func aFileIsReplacedAndKeepsItsMode() throws {
        let path = try folder.write("before", to: "a")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let before = status(of: path).st_ino
        let file = try OutputFile(path)
        try file.write(Array("after".utf8))
        #expect(try text(at: path) == "before")
        try file.commit()
        #expect(try text(at: path) == "after")
        #expect(status(of: path).st_mode & 0o777 == 0o640)
        #expect(status(of: path).st_ino != before)
    }

    @Test func behindALinkItsTargetIsReplacedAndTheLinkStays() throws {
        let target = try folder.write("before", to: "target")
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        try OutputFile.write(Array("after".utf8), to: link)
        #expect(try text(at: target) == "after")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
        #expect(try folder.names == ["link", "target"])
    }

    @Test func aLinkToNothingYetMakesItsTarget() throws {
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        try OutputFile.write(Array("new".utf8), to: link)
        #expect(try text(at: folder.path("target")) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
    }

    @Test func allNamesOfAFileShowWhatIsWritten() throws {
        let path = try folder.write("before, and longer", to: "a")
        try FileManager.default.linkItem(atPath: path, toPath: folder.path("b"))
        try OutputFile.write(Array("after".utf8), to: path)
        #expect(try text(at: folder.path("b")) == "after")
    }

    @Test func aPipeIsWrittenThrough() throws {
        let path = folder.path("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        // Opened to read first, so that opening to write waits for nobody.
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try OutputFile.write(Array("through".utf8), to: path)
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "through")
        #expect(status(of: path).st_mode & S_IFMT == S_IFIFO)
    }

    @Test func aDeviceStaysADevice() throws {
        let before = status(of: "/dev/null").st_ino
        try OutputFile.write(Array("gone".utf8), to: "/dev/null")
        #expect(status(of: "/dev/null").st_ino == before)
        #expect(status(of: "/dev/null").st_mode & S_IFMT == S_IFCHR)
        let link = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/null")
        try OutputFile.write(Array("gone".utf8), to: link)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "/dev/null")
    }

    @Test func whatCannotBeWrittenIsNamedWithItsReason() throws {
        func failure(_ path: String) -> String? {
            do throws(FileError) {
                try OutputFile.write([1], to: path)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(failure("/dev/full") == "/dev/full cannot be written: No space left on device")
        #expect(
            failure(folder.path("no/file"))
                == "\(folder.path("no/file")) cannot be written: No such file or directory")
        #expect(
            failure(folder.url.path) == "\(folder.url.path) cannot be written: it is a folder, expected a file")
        #expect(failure("") == "'' cannot be written: No such file or directory")
        #expect(try folder.names == [])
    }
}
