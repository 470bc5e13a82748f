import Coordinator
@testable import Nodes
import Checkpoints
import Datasets
import Digests
import Foundation
import GRDB
import Messaging
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

/// What the coordinator does not do, and what it says then.
@Suite struct CoordinatorRefusalTests {
    private let cluster = try! TestCluster()

    @Test func badDataFailsTheJobWithAReport() async throws {
        try await cluster.withCoordinator { client in
            var missing = try cluster.job()
            missing.data.path = "/nowhere/data.csv"
            _ = try await client.submit(specification: missing, source: "")
            try await eventually("the job has failed") { try await client.job("digits-1").state == .failed }
            #expect(try await client.job("digits-1").detail.contains("/nowhere/data.csv"))

            let ragged = try cluster.job()
            let text = try String(contentsOfFile: ragged.data.path, encoding: .utf8)
            try text.replacingOccurrences(of: "3,3,a", with: "3,nan").write(
                toFile: ragged.data.path, atomically: true, encoding: .utf8)
            _ = try await client.submit(specification: ragged, source: "")
            try await eventually("the job has failed") { try await client.job("digits-2").state == .failed }
            #expect(try await client.job("digits-2").detail.contains("line"))

            _ = try await client.submit(specification: cluster.job(batchSize: 1000), source: "")
            try await eventually("the job has failed") { try await client.job("digits-3").state == .failed }
            #expect(try await client.job("digits-3").detail.contains("batch_size"))
        }
    }

    @Test func jobsWithoutWorkersWaitAndCanBeCancelled() async throws {
        try await cluster.withCoordinator { client in
            _ = try await client.submit(specification: cluster.job(workers: 3), source: "")
            try await eventually("it waits") { try await client.job("digits-1").state == .waiting }
            #expect(try await client.job("digits-1").detail == "waits for 3 workers, 0 are free")
            #expect(try await client.cancel("digits-1").state == .cancelled)
            let error = await #expect(throws: Failure.self) { try await client.cancel("digits-1") }
            #expect(error?.message == "digits-1 is over already: it is cancelled")
            let unknown = await #expect(throws: Failure.self) { try await client.job("digits-9") }
            #expect(unknown?.code == .notFound)
            let model = await #expect(throws: Failure.self) { try await client.model("digits") }
            #expect(model?.code == .notFound)
        }
    }

    @Test func aLaunchIsSaidToBeNoJob() async throws {
        try await cluster.withCoordinator { client in
            let launch = try await client.launch(
                RankCommand(executable: "/bin/true", arguments: [], directory: "/"), name: "tool", workers: 1)
            for error in [
                await #expect(throws: Failure.self) { try await client.job(launch.id) },
                await #expect(throws: Failure.self) { try await client.deleteJob(launch.id) },
            ] {
                #expect(error?.code == .notFound)
                #expect(error?.message.hasPrefix("'tool-1' is a launch, no job") == true, "\(error?.message ?? "")")
            }
        }
    }

    @Test func onlyOperatorsCall() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        try await cluster.withCoordinator { _ in
            let error = await #expect(throws: Failure.self) {
                try await worker.control.call(ShowStatus())
            }
            #expect(error?.code == .permissionDenied)
            let unknown = await #expect(throws: Failure.self) {
                try await worker.control.request(
                    Message(Document(kind: "wish", ShowStatus())), timeout: .seconds(30))
            }
            #expect(unknown?.code == .invalidArgument)
            let broken = await #expect(throws: Failure.self) {
                try await worker.control.request(
                    Message(Document(.finished, ShowStatus())), timeout: .seconds(30))
            }
            #expect(broken?.message.contains("the document has no 'job'") == true)
        }
    }

    @Test func nodeOfAnotherRoleIsNotLetIn() async throws {
        let liar = try TestNode("worker-0", .worker, in: cluster, joiningAs: .inference)
        try await cluster.withCoordinator { client in
            let error = await #expect(throws: Failure.self) { try await liar.control.run() }
            #expect(error?.code == .permissionDenied)
            let nodes = try await client.status().nodes
            #expect(nodes.map(\.name) == ["coordinator"])
        }
    }

    @Test func onlyMembersOfARunningGenerationUpload() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        try await cluster.withCoordinator { _ in
            let error = await #expect(throws: Failure.self) {
                try await worker.control.upload(.fake("x"), total: 4, range: 0..<4, of: [1, 2, 3, 4])
            }
            #expect(error?.message == "'worker-0' is in no running generation")
        }
    }

    @Test func contentThatIsNotThereIsNotFetched() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        let cache = try cluster.cache()
        try await cluster.withCoordinator { _ in
            let error = await #expect(throws: ContentProblem.self) {
                try await worker.control.fetch(.fake("nothing"), into: cache)
            }
            #expect(error == .missing(.fake("nothing")))
            let uploads = try cache.store.uploads()
            #expect(uploads == [])
        }
    }

    @Test func changeThatCannotBeStoredHasNotHappened() async throws {
        try await cluster.withCoordinator { client in
            let disk = try cluster.openState()
            try await disk.write {
                try $0.execute(
                    sql: "CREATE TRIGGER full BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'disk full'); END")
            }
            let error = await #expect(throws: Failure.self) {
                try await client.submit(specification: cluster.job(), source: "")
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("disk full") == true)
            #expect(try await client.jobs().jobs.isEmpty)
            try await disk.write { try $0.execute(sql: "DROP TRIGGER full") }
            #expect(try await client.submit(specification: cluster.job(), source: "").id == "digits-1")
        }
    }

    @Test func dataFolderThatCannotBeMadeIsAnError() async throws {
        try Data().write(to: cluster.configuration.data)
        await #expect(throws: (any Error).self) { try await cluster.withCoordinator { _ in } }
    }
}
