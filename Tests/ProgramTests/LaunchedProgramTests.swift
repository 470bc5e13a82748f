import ClusterProtocol
import Foundation
import Testing

@testable import martlet

@Suite struct LaunchedProgramTests {
    @Test func relativeToTheDirectoryOrInThePath() throws {
        let relative = try LaunchedProgram(["./sh", "-c", "true"], directory: "/bin")
        #expect(relative.command.executable == "/bin/sh")
        #expect(relative.command.arguments == ["-c", "true"])
        #expect(relative.command.directory == "/bin")
        #expect(relative.name == "sh")
        #expect(try LaunchedProgram(["sh"], directory: "/", path: "/nowhere:/bin").command.executable == "/bin/sh")
    }

    @Test func whatIsNoProgramIsNamed() {
        for (program, words) in [
            ("./nothing", "/nothing is no program that can be executed"), ("nothing", "in PATH"),
            ("/proc/version", "/proc/version is no program"),
        ] {
            #expect {
                try LaunchedProgram([program], directory: "/", path: "/bin")
            } throws: { "\($0)".contains(words) }
        }
    }

    @Test func theNameIsOneThatLaunchesMayHave() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "_my trainer.v2")
        try Data("#!/bin/sh\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        #expect(try LaunchedProgram([file.path], directory: "/").name == "my-trainer")
    }
}
