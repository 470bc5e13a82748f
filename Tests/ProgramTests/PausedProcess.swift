import LocalCluster
import Foundation
import Testing

/// Calls `body` with a process that is there, is stopped as by Ctrl-Z, and does nothing.
func withPausedProcess(_ body: (ProcessRecord) throws -> Void) async throws {
    let sleeper = Process()
    sleeper.executableURL = URL(filePath: "/bin/sleep")
    sleeper.arguments = ["600"]
    try sleeper.run()
    defer { kill(sleeper.processIdentifier, SIGKILL) }
    let record = try #require(ProcessRecord(of: sleeper.processIdentifier))
    record.signal(SIGSTOP)
    while !record.isPaused { try await Task.sleep(for: .milliseconds(5)) }
    try body(record)
}
