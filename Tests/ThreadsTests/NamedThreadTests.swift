import Foundation
import Testing
import Threads

@Suite struct NamedThreadTests {
    struct Problem: Error {}

    @Test(arguments: [
        ("short", "short"), ("a name of more than fifteen bytes", "a name of more "),
        ("überlanger Name", "überlanger Nam"),
    ])
    func hasItsName(name: String, shown: String) async throws {
        let found = try await NamedThread.run(name) {
            try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        }
        #expect(found == shown + "\n")
    }

    /// Its number in the kernel, which unlike `pthread_self` is not given at once to the next thread.
    private static func thread() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
    }

    @Test func runsElsewhere() async throws {
        let threads = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<4 { group.addTask { try await NamedThread.run("test") { try Self.thread() } } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(threads.count == 4)
        #expect(!threads.contains(try Self.thread()))
    }

    @Test func throwsWhatTheWorkThrows() async {
        await #expect(throws: Problem.self) { try await NamedThread.run("test") { throw Problem() } }
    }

    /// A recursion that Swift's own threads, with half a megabyte of stack, would not survive.
    @Test func hasRoomForDeepWork() async throws {
        @Sendable func depth(_ left: Int) -> Int {
            withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) { buffer in
                buffer.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: left))
                return left == 0
                    ? Int(buffer[0]) : depth(left - 1) + (buffer[1] == UInt8(truncatingIfNeeded: left) ? 1 : 0)
            }
        }
        let reached = try await NamedThread.run("deep") { depth(4000) }
        #expect(reached == 4000)
    }
}
