import Foundation
import Testing

extension SystemTests {
    /// Whatever goes wrong, a person reads our words, and not how a library names its errors.
    @Suite(.serialized) struct FaultWordsTests {
        /// How Foundation, SwiftNIO, GRDB, ZeroMQ's wrapper and the runtime would say it.
        static let foreign = [
            "NSCocoaErrorDomain", "NSPOSIXErrorDomain", "Error Domain=", "UserInfo=", "NSError", "CocoaError",
            "SocketAddressError", "cannotBind(", "cannotConnect(", "timedOut(", "notConnected(", "IOError(",
            "ChannelError", "NIOConnectionError", "HTTPParserError", "DatabaseError", "SQLite error", "DecodingError",
            "EncodingError", "CodingKeys(", "The operation could not be completed", "couldn’t be", "couldn't be",
            " error 1.)", "(errno:", "errno", "Fatal error", "Optional(", "Swift.Error", "Stack dump", "Crash:",
        ]

        static func expectOurWords(
            _ result: CommandResult, of arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let text = result.errors + result.output
            for word in foreign where text.contains(word) {
                Issue.record(
                    "martlet \(arguments.joined(separator: " ")) says '\(word)': \(text)",
                    sourceLocation: sourceLocation)
            }
        }

        /// Runs a command that must fail, in our words and with 1 or 64.
        @discardableResult
        private func fails(
            _ arguments: [String], home: URL, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> CommandResult {
            let result = try await Command.run(
                Command.martlet, arguments, environment: ["HOME": home.path, "MARTLET_CLUSTER": ""])
            #expect(
                [1, 64].contains(result.status), "\(arguments): \(result.status) \(result.errors)",
                sourceLocation: sourceLocation)
            #expect(!result.errors.isEmpty, "\(arguments)", sourceLocation: sourceLocation)
            Self.expectOurWords(result, of: arguments, sourceLocation: sourceLocation)
            return result
        }

        @Test func everyCommandThatTakesAFile() async throws {
            let home = try Self.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let garbage = home.appending(path: "garbage")
            try Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167) }).write(to: garbage)
            let long = home.appending(path: "long")
            try Data().write(to: long)
            try #require(truncate(long.path, 3 << 30) == 0)
            // Reading /proc/self/mem is an I/O error for everybody, root too.
            let paths = [
                home.appending(path: "missing").path, home.path, "/proc/self/mem", garbage.path, long.path, "",
            ]
            for path in paths {
                // To a reader of tables any bytes may be a table.
                let profile = ["dataset", "profile", path]
                if path != garbage.path { try await fails(profile, home: home) }
                for command in [
                    ["train", path], ["train", path, "--dry-run"], ["dataset", "check", path],
                    ["cluster", "up", "-f", path], ["status", "-f", path],
                    ["coordinator", "--config", path], ["gateway", "--config", path], ["supervisor", "--data", path],
                    ["generate", path, "--prompt", "x"], ["launch", "--workers", "1", "--", path],
                    ["predict", "m", "--input", "x.json", "--api-key-file", path, "--gateway", "http://127.0.0.1:1"],
                ] {
                    try await fails(command, home: home)
                }
            }
            // Beside what is said of the file, no gateway is there.
            for ending in ["csv", "json", "txt"] {
                try await fails(
                    [
                        "predict", "m", "--input", home.appending(path: "missing.\(ending)").path, "--gateway",
                        "http://127.0.0.1:1",
                    ],
                    home: home)
            }
        }

        @Test func outputsThatCannotBeWritten() async throws {
            let home = try Self.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let data = home.appending(path: "data.csv")
            try "a,b\n1,2\n3,4\n".write(to: data, atomically: true, encoding: .utf8)
            for (path, reason) in [
                ("/dev/full", "No space left on device"), (home.path, "it is a folder"),
                (home.appending(path: "no/page.html").path, "No such file or directory"),
                ("/proc/page.html", "cannot be written"),
            ] {
                let result = try await fails(["dataset", "profile", data.path, "--html", path], home: home)
                #expect(result.errors.contains("\(path) cannot be written"), "\(result.errors)")
                #expect(result.errors.contains(reason), "\(result.errors)")
            }
        }

        @Test func keysThatAreNone() async throws {
            let home = try Self.temporaryFolder()
            defer { try? FileManager.default.removeItem(at: home) }
            let file = home.appending(path: "cluster.yaml")
            try "name: a\ndata: data\n".write(to: file, atomically: true, encoding: .utf8)
            let keys = home.appending(path: "data/keys")
            let run = home.appending(path: "data/run")
            for folder in [keys, run] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let key = keys.appending(path: "operator.key")
            try "no key".write(to: key, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
            try "tcp://127.0.0.1:1\n".write(
                to: run.appending(path: "coordinator.endpoint"), atomically: true, encoding: .utf8)
            for command in [["status"], ["cluster", "up"]] {
                let result = try await fails(command + ["-f", file.path], home: home)
                #expect(result.errors.contains("operator.key: expected two lines"), "\(result.errors)")
            }
        }

        /// A process whose own port is taken, started without the launcher's look at it.
        @Test func aPortThatIsTaken() async throws {
            try await LocalCluster.run(workers: 0, inference: 0) { cluster in
                for node in ["coordinator", "gateway-0"] {
                    let role = node == "coordinator" ? node : "gateway"
                    let file = cluster.data.appending(path: "configuration/\(node).yaml")
                    // Another folder, so that only the port is in its way.
                    let other = cluster.data.appending(path: "configuration/other-\(node).yaml")
                    let text = try String(contentsOf: file, encoding: .utf8)
                        .replacing("../nodes/\(node)", with: "../nodes/other-\(node)")
                        .replacing("\(node).endpoint", with: "other-\(node).endpoint")
                    try text.write(to: other, atomically: true, encoding: .utf8)
                    let result = try await fails([role, "--config", other.path], home: cluster.folder)
                    #expect(result.errors.contains("cannot be listened on: Address already in use"), "\(result.errors)")
                }
            }
        }

        static func temporaryFolder() throws -> URL {
            let folder = FileManager.default.temporaryDirectory.appending(path: "faults-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return folder
        }
    }
}
