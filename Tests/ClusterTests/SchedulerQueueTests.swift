import ClusterProtocol
import Datasets
import NeuralNetworks
import Testing
import Training
import Wire

@testable import JobProtocol
@testable import ControlPlane

@Suite struct SchedulerQueueTests {
    private var scene = ScheduleScene()

    @Test mutating func submittedJobIsPreparedThenWaitsThenRuns() throws {
        let request = scene.request()
        let submitted = scene.run { $0.submit(.example(), source: "text", request: request, at: $1, into: &$2) }
        #expect(submitted.contains(.prepare(job: "digits-1", .example())))
        #expect(submitted.savedJobs.map(\.state) == [.preparing])
        #expect(submitted.savedJobs.map(\.source) == ["text"])
        #expect(try scene.job("digits-1").status.state == .preparing)
        #expect(try scene.job("digits-1").detail == "reads /data/digits.csv")

        let prepared = scene.run { $0.prepared("digits-1", plan: .example(), at: $1, into: &$2) }
        #expect(prepared.savedJobs.last?.state == .waiting)
        #expect(try scene.job("digits-1").detail == "waits for 2 workers, 0 are free")
        scene.addWorker("worker-1")
        #expect(try scene.job("digits-1").detail == "waits for 2 workers, 1 is free")

        let actions = scene.addWorker("worker-0")
        #expect(actions.assignments.map(\.rank) == [0, 1])
        let first = try #require(actions.assignments.first)
        #expect(first.members.map(\.name) == ["worker-0", "worker-1"])
        #expect(first.members.map(\.slices) == [0..<2, 2..<4])
        #expect(first.members.map(\.endpoint) == ["tcp://worker-0:1", "tcp://worker-1:1"])
        #expect(first.resume == nil)
        #expect(first.generation == 1)
        #expect(actions.savedJobs.last?.state == .running)
        #expect(actions.savedJobs.last?.members.count == 2)
        let status = try scene.job("digits-1").status
        #expect(status.state == .running)
        #expect(status.workers == ["worker-0", "worker-1"])
        #expect(status.started == scene.now.date)
    }

    @Test func partsAreContiguousAndEven() {
        for count in 1...17 {
            for world in 1...count {
                let parts = Generation.parts(ofSlices: count, world: world)
                #expect(parts.count == world)
                #expect(parts.first?.lowerBound == 0 && parts.last?.upperBound == count)
                #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
                let sizes = parts.map(\.count)
                #expect(sizes.max()! - sizes.min()! <= 1)
            }
        }
    }

    @Test mutating func noMoreRanksThanSlices() throws {
        for index in 0..<4 { scene.addWorker("worker-\(index)") }
        let (_, actions) = scene.submit(.example(workers: 4, slices: 3))
        #expect(actions.assignments.map(\.members.count) == [3, 3, 3])
    }

    @Test mutating func workersAreTakenInTheOrderOfTheirNumbers() throws {
        for index in [10, 2, 1] { scene.addWorker("worker-\(index)") }
        let (_, actions) = scene.submit(.example(workers: 2))
        #expect(actions.assignments.first?.members.map(\.name) == ["worker-1", "worker-2"])
    }

    @Test mutating func firstComeFirstServed() throws {
        scene.addWorker("worker-0")
        scene.addWorker("worker-1")
        let (running, _) = scene.submit(.example(workers: 1))
        let (large, _) = scene.submit(.example(workers: 2))
        let (small, actions) = scene.submit(.example(workers: 1))
        #expect(actions.assignments.isEmpty)
        #expect(try scene.job(large).detail == "waits for 2 workers, 1 is free")
        #expect(try scene.job(small).detail == "waits behind \(large)")
        _ = scene.cancel(running)
        let next = scene.leave("worker-0")
        #expect(next.assignments.map(\.job) == [large, large])
    }

    @Test mutating func jobThatAsksForMoreThanThereAreIsPassedOver() throws {
        scene.addWorker("worker-0")
        let (huge, _) = scene.submit(.example(workers: 3))
        let (small, actions) = scene.submit(.example(workers: 1))
        #expect(actions.assignments.map(\.job) == [small])
        #expect(try scene.job(huge).detail == "waits for 3 workers, 1 is free")
    }

    @Test mutating func waitingJobCanBeCancelled() throws {
        let (id, _) = scene.submit(.example(workers: 9))
        let (request, cancelled) = scene.cancel(id)
        let actions = try #require(cancelled)
        guard case .job(let status)? = actions.answer(to: request) else {
            Issue.record("no status: \(actions)")
            return
        }
        #expect(status.state == .cancelled)
        #expect(status.ended == scene.now.date)
        #expect(actions.savedJobs.map(\.state) == [.cancelled])
        #expect(scene.cancel(id).actions == nil)
    }

    @Test mutating func cancellingARunningJobStopsItsWorkers() throws {
        scene.addWorker("worker-0")
        scene.addWorker("worker-1")
        let (id, _) = scene.submit()
        let (waiting, _) = scene.commit(.example(step: 1), job: id, generation: 1, rank: 0, from: "worker-0")
        let actions = try #require(scene.cancel(id).actions)
        #expect(actions.stopped == ["worker-0", "worker-1"])
        #expect(actions.failure(of: waiting)?.code == .cancelled)
        #expect(actions.contains(.discardUploads(job: id, generation: 1)))
    }

    @Test mutating func badDataFailsTheJob() throws {
        let request = scene.request()
        scene.run { $0.submit(.example(), source: "", request: request, at: $1, into: &$2) }
        let actions = scene.run { $0.preparationFailed("digits-1", reason: "no such file", at: $1, into: &$2) }
        #expect(actions.savedJobs.map(\.state) == [.failed])
        #expect(actions.savedJobs.map(\.detail) == ["no such file"])
        #expect(scene.scheduler.jobs.isEmpty)
    }

    /// Whoever follows the job or looks at it is told what was found in its data and in what it starts from.
    @Test mutating func whatPreparationFindsIsKeptWithTheJob() throws {
        let request = scene.request()
        scene.run { $0.submit(.example(), source: "", warnings: ["odd"], request: request, at: $1, into: &$2) }
        var plan = DataPlan.example()
        plan.notes = [DataPlan.Note(kind: .leak, count: 2, message: "rows are in two parts")]
        var start = StartingPoint(base: "digits:1", model: .fake("model"))
        start.misfit = "model.base: of digits:1 1 of 2 parameters are taken over"
        let actions = scene.run { [plan, start] in $0.prepared("digits-1", plan: plan, start: start, at: $1, into: &$2)
        }
        let warnings = [
            "odd", "data: 2 rows are in two parts", "model.base: of digits:1 1 of 2 parameters are taken over",
        ]
        #expect(try scene.job("digits-1").status.warnings == warnings)
        #expect(actions.savedJobs.last?.warnings == warnings)
    }

    /// A target that nothing can meet, and what is only seen to be missing in the end.
    @Test mutating func metricsThatCannotBeMeasuredAreWarnings() throws {
        scene.addWorker("worker-0")
        var specification = JobSpecification.example(workers: 1)
        specification.evaluate.metrics = [.accuracy, .auc, .f1]
        let request = scene.request()
        scene.run { [specification] in $0.submit(specification, source: "", request: request, at: $1, into: &$2) }
        var plan = DataPlan.example()
        plan.testClasses = 1
        scene.run { [plan] in $0.prepared("digits-1", plan: plan, at: $1, into: &$2) }
        let foretold = try scene.job("digits-1").status.warnings
        #expect(
            foretold == [
                "evaluate.metrics: auc cannot be measured on the test part: all of its rows are of one class, and two are the "
                    + "least"
            ])
        let report = GenerationFinished(job: "digits-1", generation: 1, result: .example())
        scene.run { $0.finished(report, from: "worker-0", request: request, at: $1, into: &$2) }
        let registered = scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        #expect(
            registered.savedJobs.last?.warnings == foretold + [
                "evaluate.metrics: f1 could not be measured on the test part, as it takes a row with a target"
            ])
    }

    @Test mutating func preparationOfACancelledJobIsForgotten() throws {
        let request = scene.request()
        scene.run { $0.submit(.example(), source: "", request: request, at: $1, into: &$2) }
        _ = scene.cancel("digits-1")
        #expect(scene.run { $0.prepared("digits-1", plan: .example(), at: $1, into: &$2) } == [])
    }

    @Test mutating func queueIsBounded() throws {
        scene = ScheduleScene(policy: SchedulingPolicy(activeJobs: 2))
        _ = scene.submit()
        _ = scene.submit()
        let request = scene.request()
        let actions = scene.run { $0.submit(.example(), source: "", request: request, at: $1, into: &$2) }
        #expect(actions.failure(of: request)?.code == .queueFull)
        #expect(actions.savedJobs.isEmpty)
    }

    @Test(arguments: [
        (JobSpecification.example(name: "../evil"), "name"), (.example(name: ""), "name"),
        (.example(workers: 0), "train.workers"), (.example(slices: 0), "train.slices"),
        (.example(slices: 9), "slices"),
        (.example(workers: .max), "train.workers is \(Int.max), expected from 1 to 1024"),
    ])
    mutating func impossibleJobsAreRefused(specification: JobSpecification, hint: String) throws {
        let request = scene.request()
        let actions = scene.run { $0.submit(specification, source: "", request: request, at: $1, into: &$2) }
        #expect(actions.failure(of: request)?.code == .invalidArgument)
        #expect(actions.failure(of: request)?.message.contains(hint) == true)
        #expect(scene.scheduler.jobs.isEmpty)
    }
}
