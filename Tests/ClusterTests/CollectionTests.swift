@testable import Coordinator
import Checkpoints
import Foundation
import GRDB
import Testing
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

/// Operators tidy up a coordinator that runs.
@Suite struct CollectionTests {
    private let cluster = try! TestCluster()

    @Test func whatNothingRefersToIsRemovedAndDeletionsFreeTheirContents() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        let store = cluster.configuration.storeFolder
        try await cluster.withCoordinator { client in
            try await withNodes([worker]) {
                _ = try await client.submit(specification: cluster.job(workers: 1), source: "name: digits")
                let assignment = try await worker.assignment(generation: 1)
                let busy = try await client.collect()
                #expect(busy.contents == 0 && busy.skipped?.contains("jobs run") == true)
                let active = await #expect(throws: Failure.self) { try await client.deleteJob("digits-1") }
                #expect(active?.message.contains("martlet job cancel digits-1") == true)
                let checkpoint = TestCheckpoint(step: 1)
                try await checkpoint.commit(assignment, by: [worker])
                try await worker.control.call(checkpoint.finished(assignment))

                let files = try ContentStore(root: store, keepingUploads: true)
                try await eventually("only the version is left") { try files.contents().count == 2 }
                _ = try files.put(Array("orphan".utf8))
                let collection = try await client.collect()
                #expect(collection.contents == 1 && collection.contentBytes == 6 && collection.skipped == nil)
                #expect(collection.after.finishedJobs == 1 && collection.after.databaseBytes > 0)
                #expect(try await client.status().state?.size.finishedJobs == 1)

                #expect(collection.gaps == nil && collection.obstacles == nil && collection.stateProblem == nil)

                // What is wrong is named, and nothing else is held up: neither by it, nor by a state that takes nothing.
                let lost = try #require(try files.contents().first)
                try files.remove(lost)
                try FileManager.default.createDirectory(at: files.url(of: lost), withIntermediateDirectories: true)
                _ = try files.put(Array("orphan".utf8))
                var configuration = Configuration()
                configuration.allowsUnsafeTransactions = true
                configuration.busyMode = .timeout(5)
                let other = try DatabaseQueue(
                    path: cluster.configuration.stateFile.path, configuration: configuration)
                try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
                let poor = try await client.collect()
                try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
                #expect(poor.contents == 1)
                #expect(poor.gaps == [ContentGap(digest: lost, problem: .missing, neededBy: ["digits:1"])])
                #expect(poor.obstacles?.count == 1)
                #expect(poor.stateProblem?.contains("another process has it open") == true, "\(poor)")

                #expect(try await client.deleteModel("digits", version: 1).deleted == ["digits:1"])
                try await eventually("its contents are gone") { try files.contents().isEmpty }
                #expect(try await client.deleteJob("digits-1").deleted == ["digits-1"])
                await #expect(throws: Failure.self) { try await client.job("digits-1") }
                await #expect(throws: Failure.self) { try await client.deleteJob("digits-1") }
            }
        }
        // Also after a restart no number is given again.
        try await cluster.withCoordinator { client in
            let next = try await client.submit(specification: cluster.job(workers: 1), source: "name: digits")
            #expect(next.id == "digits-2")
        }
    }
}
