import ClusterProtocol
import Foundation
import Glibc
import Messaging
import Testing
import Threads

@testable import MartletTraining

/// A rank's side of the stream to its worker.
struct LaunchChannelTests {
    private static let address = RankAddress(
        publicKey: KeyPair.generate().publicKey, endpoint: "tcp://127.0.0.1:5000")

    /// What the rank makes of these answers, and what its worker read.
    private func exchange(
        _ answers: [[UInt8]], thenClose: Bool
    ) async throws -> (roster: Result<LaunchRoster, any Error>, said: [UInt8]) {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let (rank, worker) = (ends[0], ends[1])
        defer { close(rank) }
        async let roster = NamedThread.run("rank") {
            Result { try LaunchChannel(rank).exchange(Self.address) }
        }
        let said = try await NamedThread.run("worker") {
            var said = [UInt8](repeating: 0, count: 4096)
            let count = read(worker, &said, said.count)
            for answer in answers { send(worker, answer, answer.count, Int32(MSG_NOSIGNAL)) }
            if thenClose { close(worker) }
            return Array(said.prefix(max(0, count)))
        }
        let result = try await roster
        if !thenClose { close(worker) }
        return (result, said)
    }

    @Test func takesTheRosterWhileTheStreamStaysOpen() async throws {
        let roster = LaunchRoster(
            launch: "towers-1", generation: 7, ranks: [.init(node: "worker-0", address: Self.address)])
        let line = try Array(JSONEncoder().encode(roster)) + [UInt8(ascii: "\n")]
        let (result, said) = try await exchange([Array(line.prefix(20)), Array(line.dropFirst(20))], thenClose: false)
        #expect(try result.get() == roster)
        #expect(said.last == UInt8(ascii: "\n"))
        #expect(try JSONDecoder().decode(RankAddress.self, from: Data(said)) == Self.address)
    }

    @Test func saysThatTheWorkerIsGone() async throws {
        let (result, _) = try await exchange([Array("{\"launch\"".utf8)], thenClose: true)
        #expect(throws: TrainerError.launch("its worker closed the channel before all ranks were there")) {
            try result.get()
        }
    }

    @Test func theEnvironmentIsChecked() throws {
        #expect(try LaunchEnvironment([:]) == nil)
        let good = [
            "MARTLET_LAUNCH": "towers-1", "MARTLET_RANK": "1", "MARTLET_WORLD_SIZE": "2", "MARTLET_CHANNEL": "3",
            "MARTLET_HOST": "10.0.0.1",
        ]
        #expect(try LaunchEnvironment(good)?.rank == 1)
        #expect(try LaunchEnvironment(good)?.host == "10.0.0.1")
        for (name, value) in [("MARTLET_RANK", "2"), ("MARTLET_RANK", "-1"), ("MARTLET_CHANNEL", "x")] {
            #expect(throws: TrainerError.self) { try LaunchEnvironment(good.merging([name: value]) { $1 }) }
        }
    }
}
