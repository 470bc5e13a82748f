import Foundation
import StrictYAML
import Testing

/// Files that are read once, and where the paths in them begin.
@Suite struct YAMLSourceTests {
    /// As a shell makes them of `<(…)` and of `-`.
    @Test func aPipeIsReadAndHasNoFolderOfItsOwn() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yaml-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipe = folder.appending(path: "pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let writer = Thread { try? Data("a: 1".utf8).write(to: pipe) }
        writer.start()
        let source = try YAMLSource(pipe)
        #expect(source.text == "a: 1" && source.path == pipe.path(percentEncoded: false))
        #expect(source.folder.standardizedFileURL.path == FileManager.default.currentDirectoryPath)
        #expect(try YAMLFile.read(source) { $0.integer("a") } == 1)

        let file = folder.appending(path: "file.yaml")
        try Data("a: 2".utf8).write(to: file)
        #expect(try YAMLSource(file).folder.standardizedFileURL.path == folder.standardizedFileURL.path)
        for path in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] { #expect(YAMLSource.isStream(URL(filePath: path))) }
        #expect(!YAMLSource.isStream(file) && !YAMLSource.isStream(folder.appending(path: "nothing")))
    }
}
