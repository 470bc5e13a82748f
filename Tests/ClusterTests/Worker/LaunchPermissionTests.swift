import Foundation
import Testing
import Wire

@testable import ClusterProtocol
@testable import Nodes

@Suite struct LaunchPermissionTests {
    private func attempt(_ executable: String, allowed: [URL]) -> Result<String, Failure> {
        Result { () throws(Failure) in
            try LaunchPermission(worker: "worker-0", allowed: allowed).executable(
                of: RankCommand(executable: executable, arguments: [], directory: "/"))
        }
    }

    private func inFolder(_ body: (_ allowed: URL, _ other: URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(
            path: "launch-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let folders = ["allowed", "allowed-not"].map { root.appending(path: $0) }
        for folder in folders {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let program = folder.appending(path: "program")
            try Data("#!/bin/sh\n".utf8).write(to: program)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        }
        try body(folders[0], folders[1])
    }

    @Test func nothingUnlessAllowed() {
        guard case .failure(let failure) = attempt("/bin/sh", allowed: []) else {
            Issue.record("it was allowed")
            return
        }
        #expect(failure.code == .permissionDenied)
        #expect(failure.message.contains("worker-0 may not start /bin/sh: its cluster allows no launches"))
    }

    @Test func whatLiesInAnAllowedFolder() throws {
        try inFolder { allowed, _ in
            let program = allowed.appending(path: "program").path
            #expect(attempt(program, allowed: [allowed]) == .success(program))
            #expect(attempt("\(allowed.path)/../allowed/program", allowed: [allowed]) == .success(program))
        }
    }

    @Test func nothingOutsideByNameOrByLink() throws {
        try inFolder { allowed, other in
            let program = other.appending(path: "program").path
            let link = allowed.appending(path: "link")
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: program)
            for path in [program, link.path, "\(allowed.path)/../allowed-not/program", "/bin/sh"] {
                guard case .failure(let failure) = attempt(path, allowed: [allowed]) else {
                    Issue.record("\(path) was allowed")
                    continue
                }
                #expect(failure.code == .permissionDenied, "\(failure)")
            }
        }
    }

    @Test func whatIsNoProgramIsNamed() throws {
        try inFolder { allowed, _ in
            let text = allowed.appending(path: "text")
            try Data("text".utf8).write(to: text)
            for (path, code) in [
                (text.path, Failure.Code.failedPrecondition), (allowed.path + "/.", .permissionDenied),
                (allowed.path + "/nothing", .notFound), ("program", .notFound),
            ] {
                guard case .failure(let failure) = attempt(path, allowed: [allowed]) else {
                    Issue.record("\(path) was allowed")
                    continue
                }
                #expect(failure.code == code, "\(failure)")
            }
        }
    }
}
