import JobProtocol
import Foundation
import Messaging
import Synchronization
import Testing
import Wire

@testable import ClusterProtocol
@testable import Nodes

/// One worker's part in a generation, beside a worker that the test plays.
@Suite(.timeLimit(.minutes(10))) struct GenerationRunnerTests {
    private let cluster = try! TestCluster()

    /// Whatever the generation waits for, a worker that is told to leave it is free at once.
    @Test func aGenerationIsLeftWhileItWaitsForTheOtherRanks() async throws {
        let workers = try ["worker-0", "worker-1"].map { try TestNode($0, .worker, in: cluster) }
        // Hears the greetings, and never enters the generation.
        let (greetings, greeting) = AsyncStream.makeStream(of: Void.self)
        let listener = try workers[1].messenger.bind("test://worker-1", admitting: [.worker]) { _, _ in
            greeting.yield()
        }
        defer { listener.close() }
        let cache = try cluster.cache()
        try await cluster.withCoordinator { client in
            try await withNodes(workers) {
                _ = try await client.submit(specification: cluster.job(), source: "")
                let assignment = try await workers[0].assignment(generation: 1)
                let runner = GenerationRunner(
                    assignment,
                    in: GenerationRunner.Surroundings(
                        messenger: workers[0].messenger, control: workers[0].control, roster: GroupRoster(),
                        cache: cache, threads: 1, logger: .silent, patience: .seconds(3600)))
                async let ending = runner.run()
                for await _ in greetings { break }
                runner.stop("the job was cancelled")
                #expect(await ending == .stopped(reason: "the job was cancelled"))
            }
        }
    }
}
