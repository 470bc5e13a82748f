import Digests
import Foundation
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol

/// What a coordinator tells of a job for its report, before and after it is started anew.
@Suite struct ReportTests {
    private let cluster = try! TestCluster()

    @Test func aReportSurvivesARestart() async throws {
        let worker = try TestNode("worker-0", .worker, in: cluster)
        let before = try await withNodes([worker]) {
            try await cluster.withCoordinator { client in
                let specification = try cluster.job(workers: 1)
                let job = try await client.submit(
                    specification: specification, source: "name: digits", warnings: ["careful"], profile: true)
                let assignment = try await worker.assignment(generation: 1)
                #expect(assignment.profile)
                let running = try await client.report(job.id)
                #expect(running.source == "name: digits" && running.status.warnings == ["careful"])
                #expect(running.data?.trainingRows == 48 && running.evaluation == nil && running.version == nil)
                let early = await #expect(throws: Failure.self) { try await client.trace(job.id) }
                #expect(early?.message.contains("no trace yet") == true)

                let checkpoint = TestCheckpoint(step: 1)
                try await checkpoint.commit(assignment, by: [worker])
                try await worker.control.call(TraceReport(job: job.id, generation: 1, trace: .example))
                var finished = checkpoint.finished(assignment)
                finished.result.evaluation = .example
                try await worker.control.call(finished)
                return try await client.report(job.id)
            }
        }
        #expect(before.evaluation == .example && before.version?.version == 1 && before.data?.rows == 60)
        try await cluster.withCoordinator { client in
            let (report, trace) = (try await client.report("digits-1"), try await client.trace("digits-1"))
            #expect(report == before && trace == .example)
            let unknown = await #expect(throws: Failure.self) { try await client.report("digits-9") }
            #expect(unknown?.code == .notFound)
        }
    }
}
