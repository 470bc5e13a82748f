import ControlPlane
import Testing
import Training
import Wire

@testable import JobProtocol

@Suite struct SchedulerRestartTests {
    private var before = ScheduleScene()
    private let id = "digits-1"

    init() throws {
        before.addWorker("worker-0")
        before.addWorker("worker-1")
        _ = before.submit()
        try before.commitAll(.example(step: 3), job: id)
    }

    @Test func runningGenerationIsAdoptedWithoutADisturbance() throws {
        var scene = before.restarted()
        #expect(scene.run { $0.start(at: $1, into: &$2) } == [])
        #expect(try scene.job(id).status.state == .running)
        #expect(try scene.job(id).curve.map(\.step) == [3])
        #expect(scene.join("worker-1") == [])
        #expect(scene.report("worker-1", job: id, generation: 1) == [])
        #expect(scene.wait(.seconds(4)) == [])
        scene.join("worker-0")
        let adopted = scene.report("worker-0", job: id, generation: 1)
        #expect(adopted.logged == ["generation adopted after restart"])
        #expect(adopted.stopped == [] && adopted.assignments == [])
        #expect(scene.wait(.seconds(60)) == [])
        #expect(try scene.job(id).running?.number == 1)
        try scene.commitAll(.example(step: 6), job: id)
        #expect(try scene.job(id).checkpoint == .example(step: 6))
    }

    @Test func memberThatDoesNotComeBackFailsTheGeneration() throws {
        var scene = before.restarted()
        scene.join("worker-0")
        scene.report("worker-0", job: id, generation: 1)
        #expect(scene.wait(.milliseconds(4999)) == [])
        let actions = scene.wait(.milliseconds(1))
        #expect(actions.stopped == ["worker-0"])
        #expect(
            try scene.job(id).lastFailure == "worker-1 did not come back within 5 s after the coordinator's restart")
        let resumed = scene.leave("worker-0").assignments
        #expect(resumed.map(\.generation) == [2])
        #expect(resumed.first?.resume == .example(step: 3))
    }

    @Test func memberThatWasStartedAgainFailsTheGenerationAtOnce() throws {
        var scene = before.restarted()
        scene.join("worker-0")
        scene.report("worker-0", job: id, generation: 1)
        let actions = scene.join("worker-1", incarnation: 2)
        #expect(actions.stopped == ["worker-0"])
        #expect(try scene.job(id).lastFailure == "worker-1 was started again and has lost its place")
        scene.report("worker-1", incarnation: 2)
        let resumed = scene.leave("worker-0").assignments
        #expect(resumed.first?.members.map(\.name) == ["worker-0", "worker-1"])
    }

    @Test func assignmentsThatWereStoredButNeverSentAreMadeAnew() throws {
        var scene = before.restarted()
        scene.addWorker("worker-0")
        #expect(try scene.job(id).lastFailure == "worker-0 (rank 0) had left the generation")
        let actions = scene.addWorker("worker-1")
        #expect(actions.assignments.map(\.generation) == [2, 2])
    }

    @Test func otherRanksMayBeDoneBeforeRankZero() throws {
        var scene = before.restarted()
        scene.join("worker-0")
        scene.report("worker-0", job: id, generation: 1)
        #expect(scene.addWorker("worker-1").logged == ["generation adopted after restart"])
        #expect(try scene.job(id).running?.number == 1)
    }

    @Test func checkpointAndResultAreHeardWhileTheGenerationIsAdopted() throws {
        var scene = before.restarted()
        try scene.commitAll(.example(step: 6), job: id)
        let request = scene.request()
        let report = GenerationFinished(job: id, generation: 1, result: .example())
        scene.run { $0.finished(report, from: "worker-0", request: request, at: $1, into: &$2) }
        #expect(scene.wait(.seconds(6)) == [])
        let registered = scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        #expect(registered.answer(to: request) == .acknowledgement)
    }

    @Test func interruptedPreparationIsDoneAgain() throws {
        var scene = ScheduleScene()
        let request = scene.request()
        scene.run { $0.submit(.example(), source: "", request: request, at: $1, into: &$2) }
        var again = scene.restarted()
        #expect(again.run { $0.start(at: $1, into: &$2) }.contains(.prepare(job: id, .example())))
        again.run { $0.prepared("digits-1", plan: .example(), at: $1, into: &$2) }
        #expect(try again.job(id).status.state == .waiting)
    }

    @Test func waitingJobKeepsItsPlaceAndNumbersGoOn() throws {
        var scene = before
        let (second, _) = scene.submit()
        var after = scene.restarted()
        #expect(after.scheduler.jobs.map(\.id) == [id, second])
        #expect(after.submit().id == "digits-3")
    }

    @Test func resumedJobWaitsForItsWorkersToComeBackFirst() throws {
        var scene = before
        scene.die("worker-1")
        var after = scene.restarted()
        #expect(after.addWorker("worker-0").assignments == [])
        #expect(try after.job(id).detail.hasPrefix("waits for the workers to come back"))
        #expect(after.addWorker("worker-1", incarnation: 2).assignments.count == 2)

        var alone = scene.restarted()
        alone.addWorker("worker-0")
        #expect(alone.wait(.seconds(5)).assignments.count == 1)
    }
}
