import Foundation
import Testing

@testable import Threads

@Suite struct BatchSchedulingTests {
    /// The policy is the 41st field of a thread's stat (proc(5)), the 39th behind the name in brackets.
    private static func policy(_ thread: String) throws -> String {
        let stat = try String(contentsOfFile: "/proc/\(thread)/stat", encoding: .utf8)
        return String(stat.split(separator: ")").last!.split(separator: " ")[38])
    }

    @Test func holdsForThreadsThatAreThereAndThatCome() async throws {
        // The other tests of this process have the standard policy again.
        defer { #expect(BatchScheduling.move(to: SCHED_OTHER)) }
        try #require(BatchScheduling.adopt())
        let present = try Self.policy("self")
        let later = try await NamedThread.run("later") { try Self.policy("thread-self") }
        #expect([present, later] == ["3", "3"])
    }
}
