@testable import Datasets
import Digests
import Foundation
import Testing

@Suite struct CSVFileReaderTests {
    /// Pieces of a few bytes, so that every record crosses their ends and the buffer has to grow.
    @Test(arguments: [3, 4, 7, 16, 1 << 20])
    func piecesDoNotShow(pieceBytes: Int) throws {
        let text =
            "\u{FEFF}name,note\r\n\"Ann\",\"one, \"\"two\"\"\nthree\"\r\nBob,\(String(repeating: "x", count: 100))\n"
        let fixture = try DataFixture(text)
        var reader = try CSVFileReader(fixture.file, pieceBytes: pieceBytes)
        var records: [[String]] = []
        var places: [[Int]] = []
        while try reader.next() {
            records.append((0..<reader.cellCount).map { reader.withCell($0) { String(decoding: $0, as: UTF8.self) } })
            places.append([reader.offset, reader.length, reader.line])
        }
        #expect(
            records == [
                ["name", "note"], ["Ann", "one, \"two\"\nthree"], ["Bob", String(repeating: "x", count: 100)],
            ])
        #expect(places == [[3, 9, 1], [14, 26, 2], [42, 104, 4]])
        let (digest, bytes) = try reader.finish()
        #expect(bytes == text.utf8.count)
        #expect(digest == ContentDigest(of: Array(text.utf8)))
    }

    @Test func otherFilesAreRefused() throws {
        let fixture = try DataFixture("a,b\n1,2\n")
        let missing = fixture.file.appendingPathExtension("missing")
        #expect(throws: DataFileError.unreadable(missing, reason: "No such file or directory")) {
            _ = try InputFile(missing)
        }
        let folder = fixture.file.deletingLastPathComponent()
        #expect(throws: DataFileError.unreadable(folder, reason: "it is a folder, expected a file")) {
            _ = try InputFile(folder)
        }
        let pipe = folder.appending(path: "pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        #expect(
            throws: DataFileError.unreadable(
                pipe, reason: "it is a pipe, expected a file, as data is read more than once")
        ) { _ = try InputFile(pipe) }
        let made = URL(filePath: "/proc/self/status")
        #expect(
            throws: DataFileError.unreadable(
                made,
                reason: "its size is 0 and it has content, which the system makes up as it is read: copy it to a file")
        ) { _ = try InputFile(made) }
        let empty = folder.appending(path: "empty")
        try Data().write(to: empty)
        #expect(try InputFile(empty).size == 0)
    }

    @Test func aChangeMeanwhileIsSeen() throws {
        let fixture = try DataFixture("a,b\n1,2\n")
        let appended = try InputFile(fixture.file)
        try Data("a,b\n1,2\n3,4\n".utf8).write(to: fixture.file)
        #expect(throws: DataFileError.changed(fixture.file)) { try appended.checkUnchanged() }
        let replaced = try InputFile(fixture.file)
        try Data("a,b\n1,2\n3,5\n".utf8).write(to: fixture.file, options: .atomic)
        #expect(throws: DataFileError.changed(fixture.file)) { try replaced.checkUnchanged() }
    }
}
