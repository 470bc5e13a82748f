import Foundation
import Glibc
import Processes
import Synchronization
import Testing
import Threads
import Wire

@testable import Nodes

@Suite struct FollowedProcessTests {
    /// Runs a shell script to its end.
    private func run(
        _ script: String, environment: [String: String] = [:],
        started: @escaping @Sendable (FollowedProcess) -> Void = { _ in }
    ) async throws -> (status: FollowedProcess.Status, output: String, errors: String, channel: String) {
        try await NamedThread.run("rank") {
            let process = try FollowedProcess(
                "/bin/sh", arguments: ["-c", script], environment: environment, directory: "/")
            started(process)
            var output: [UInt8] = []
            var errors: [UInt8] = []
            var channel: [UInt8] = []
            let status = process.follow {
                output += $0
            } errors: {
                errors += $0
            } channel: {
                channel += $0
            }
            return (
                status, String(decoding: output, as: UTF8.self), String(decoding: errors, as: UTF8.self),
                String(decoding: channel, as: UTF8.self)
            )
        }
    }

    @Test func bothStreamsAndTheStatusArrive() async throws {
        let (status, output, errors, _) = try await run("echo out; echo err >&2; pwd; exit 3")
        #expect(status == .exited(3))
        #expect(output == "out\n/\n")
        #expect(errors == "err\n")
    }

    @Test func aMegabyteIsReadToItsEnd() async throws {
        let (status, output, _, _) = try await run("head -c 1000000 /dev/zero | tr '\\\\0' x")
        #expect(status == .exited(0))
        #expect(output.utf8.count == 1_000_000)
    }

    @Test func theChannelGoesBothWays() async throws {
        let (_, output, _, channel) = try await run("echo address >&3; read -r line <&3; echo \"got $line\"") {
            #expect($0.send(Array("roster\n".utf8)))
        }
        #expect(channel == "address\n")
        #expect(output == "got roster\n")
    }

    @Test func theEnvironmentIsTheGivenOneAndNothingElseIsOpen() async throws {
        let (_, output, _, _) = try await run(
            "/usr/bin/env | /bin/grep GIVEN; ls /proc/$$/fd", environment: ["GIVEN": "1"])
        #expect(output == "GIVEN=1\n0\n1\n2\n3\n")
    }

    @Test func whatItLeavesRunningEndsWithIt() async throws {
        let (status, output, _, _) = try await run("sleep 1000 & echo $!")
        #expect(status == .exited(0))
        let left = try #require(Int32(output.trimmingCharacters(in: .newlines)))
        let deadline = ContinuousClock.now + .seconds(10)
        while kill(left, 0) == 0, !Self.isZombie(left) {
            try #require(ContinuousClock.now < deadline, "it still runs")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func aSignalReachesIt() async throws {
        let (status, _, _, _) = try await run("sleep 1000") { $0.signal(SIGKILL) }
        #expect(status == .signalled(SIGKILL))
    }

    @Test func itEndsWithTheThreadThatStartedIt() async throws {
        let process = try await NamedThread.run("rank") {
            try FollowedProcess("/bin/sh", arguments: ["-c", "sleep 1000"], environment: [:], directory: "/")
        }
        let (status, _, _) = try await NamedThread.run("rank") {
            (
                process.follow { _ in
                } errors: { _ in
                } channel: { _ in
                }, "", ""
            )
        }
        #expect(status == .signalled(SIGKILL))
    }

    @Test func whatCannotStartSaysWhy() async throws {
        await #expect {
            try await NamedThread.run("rank") {
                _ = try FollowedProcess("/bin/sh", arguments: [], environment: [:], directory: "/nowhere")
            }
        } throws: { ($0 as? Failure)?.message == "/bin/sh cannot be started in /nowhere: No such file or directory" }
    }

    /// Nobody may wait for it here if it was given to a parent that does not.
    private static func isZombie(_ id: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        return status.contains(") Z ")
    }

    @Test func linesAreCutAtBreaksAndAtTheLimit() {
        var lines = LineSplitter(limit: 5)
        #expect(lines.add(Array("ab\r\ncdefgh\n".utf8)) == ["ab", "cdefg", "h"])
        #expect(lines.add(Array("\nxy".utf8)) == [""])
        #expect(lines.finish() == ["xy"])
        #expect(lines.finish() == [])
    }

    /// Where a line is as long as one may be, nothing is added to what was printed and nothing taken away.
    @Test(
        arguments: [
            ("abcde\n", ["abcde"]), ("abcde\r\n", ["abcde"]), ("abcde\rf\n", ["abcde", "\rf"]),
            ("abcd\rf\n", ["abcd\r", "f"]), ("abcd\u{E9}f\n", ["abcd", "\u{E9}f"]),
            ("ab\u{1F600}c\n", ["ab", "\u{1F600}c"]), ("abcde\n\n", ["abcde", ""]),
        ] as [(String, [String])])
    func aFullLineIsCutBehindACharacter(text: String, expected: [String]) {
        var whole = LineSplitter(limit: 5)
        #expect(whole.add(Array(text.utf8)) == expected)
        #expect(whole.finish() == [])
        var single = LineSplitter(limit: 5)
        let lines = text.utf8.flatMap { single.add([$0]) }
        #expect(lines == expected)
    }

    @Test func bytesThatAreNoCharactersAreCutAtTheLimit() {
        var lines = LineSplitter(limit: 5)
        #expect(lines.add([UInt8](repeating: 0x80, count: 6)).count == 1)
        #expect(lines.finish() == ["\u{FFFD}"])
    }

    /// A pipe that nobody reads stands for a disk that is full for a while.
    @Test func aLogSaysWhatIsMissing() throws {
        var ends: [Int32] = [0, 0]
        let status = pipe(&ends)
        try #require(status == 0)
        let (output, input) = (ends[0], ends[1])
        defer { close(output) }
        for end in [output, input] { try #require(fcntl(end, F_SETFL, O_NONBLOCK) == 0) }
        func read() -> [UInt8] {
            let size = 1 << 20
            var bytes = [UInt8](repeating: 0, count: size)
            let count = Glibc.read(output, &bytes, size)
            return Array(bytes.prefix(max(0, count)))
        }
        var reasons: [String] = []
        let log = RankLog(descriptor: input) { reasons.append($0) }
        log.write([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 19))
        let taken = read().count
        #expect(reasons.count == 1)
        log.write(Array("a line\n".utf8))
        let missing = (1 << 19) - taken
        #expect(
            String(decoding: read(), as: UTF8.self) == "\n(\(missing) bytes are missing here: \(reasons[0]))\na line\n")
        for _ in 0..<2 { log.write([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 19)) }
        let more = (1 << 20) - read().count
        log.finish()
        #expect(
            String(decoding: read(), as: UTF8.self) == "\n(\(more) bytes are missing here: \(reasons[0]))\n")
        #expect(reasons.count == 1)
    }

    @Test func theLastWordsAreThoseOfStandardError() {
        let queue = RankOutputQueue()
        queue.add(["epoch 1", "epoch 2"])
        #expect(queue.tail == ["epoch 1", "epoch 2"])
        queue.add(["ValueError: no such column"], areErrors: true)
        queue.add(["epoch 3"])
        #expect(queue.tail == ["ValueError: no such column"])
    }

    @Test func aFullQueueLeavesLinesOutAndTheNumbersTell() async {
        let queue = RankOutputQueue()
        queue.add((0..<RankOutputQueue.limit + 10).map { "\($0)" })
        queue.finish()
        var lines: [String] = []
        while let (first, batch) = await queue.next() {
            #expect(first == lines.count)
            #expect(batch.count <= RankOutputQueue.batch)
            lines += batch
        }
        #expect(lines.count == RankOutputQueue.limit)
        #expect(queue.tail.last == "\(RankOutputQueue.limit + 9)")
    }
}
