import Testing
import Training
import Wire

@testable import JobProtocol
@testable import ControlPlane

@Suite struct SchedulerGenerationTests {
    private var scene = ScheduleScene()
    private let id = "digits-1"

    private mutating func start(workers: Int = 2) {
        for index in 0..<workers { scene.addWorker("worker-\(index)") }
        _ = scene.submit(.example(workers: workers))
    }

    @Test mutating func deadWorkerFailsTheGenerationAndTheRestGoOn() throws {
        start(workers: 3)
        try scene.commitAll(.example(step: 4), job: id)
        let died = scene.die("worker-1")
        #expect(died.stopped == ["worker-0", "worker-2"])
        #expect(died.assignments.isEmpty)
        let job = try scene.job(id)
        #expect(job.status.state == .waiting)
        #expect(job.lastFailure == "worker-1 died: no heartbeat for 3 s")
        #expect(job.detail.contains("waits until worker-0, worker-2 left"))

        #expect(scene.leave("worker-0").assignments.isEmpty)
        let resumed = scene.leave("worker-2").assignments
        #expect(resumed.map(\.generation) == [2, 2])
        #expect(resumed.first?.members.map(\.name) == ["worker-0", "worker-2"])
        #expect(resumed.first?.members.map(\.slices) == [0..<2, 2..<4])
        #expect(resumed.first?.resume == .example(step: 4))
        #expect(resumed.first?.curve == [EpochRecord(epoch: 1, step: 4, trainingLoss: 0.5)])
        #expect(try scene.job(id).detail == "on 2 workers from step 4, after: worker-1 died: no heartbeat for 3 s")
    }

    @Test mutating func theNextGenerationTakesIdleWorkersToo() throws {
        start(workers: 2)
        scene.addWorker("worker-5")
        scene.die("worker-0")
        let resumed = scene.leave("worker-1").assignments
        #expect(resumed.first?.members.map(\.name) == ["worker-1", "worker-5"])
        #expect(resumed.first?.resume == nil)
    }

    @Test mutating func survivorThatDoesNotLeaveIsNotWaitedForLongerThanTheTimeout() throws {
        start(workers: 3)
        scene.die("worker-1")
        scene.leave("worker-0")
        #expect(scene.wait(.milliseconds(1999)).assignments.isEmpty)
        let actions = scene.wait(.milliseconds(1))
        #expect(actions.assignments.first?.members.map(\.name) == ["worker-0"])
        #expect(actions.stopped == ["worker-2"])
        // Idle at last: free for others.
        scene.report("worker-2")
        #expect(scene.scheduler.workers["worker-2"]?.state == .idle)
    }

    @Test mutating func stragglerIsToldAgain() throws {
        start(workers: 2)
        scene.die("worker-1")
        #expect(scene.wait(.seconds(2)).stopped == ["worker-0"])
        #expect(scene.wait(.seconds(1)).stopped == [])
        #expect(scene.wait(.seconds(1)).stopped == ["worker-0"])
    }

    @Test mutating func noWorkerLeftMeansWaitingForOne() throws {
        start(workers: 1)
        scene.die("worker-0")
        #expect(try scene.job(id).detail.hasPrefix("waits for 1 worker, 0 are free; before that: worker-0 died"))
        let actions = scene.addWorker("worker-0", incarnation: 2)
        #expect(actions.assignments.map(\.generation) == [2])
    }

    @Test mutating func firstReportedFailureCountsAndLaterDeathNamesTheCulprit() throws {
        start(workers: 3)
        let request = scene.request()
        let failed = GenerationFailed(
            job: id, generation: 1, rank: 0, reason: "lost the link to worker-2", permanent: false)
        let actions = scene.run { $0.generationFailed(failed, from: "worker-0", request: request, at: $1, into: &$2) }
        #expect(actions.answer(to: request) == .acknowledgement)
        #expect(actions.stopped == ["worker-0", "worker-1", "worker-2"])
        #expect(try scene.job(id).lastFailure == "worker-0 (rank 0): lost the link to worker-2")

        let second = GenerationFailed(job: id, generation: 1, rank: 1, reason: "so did I", permanent: false)
        let again = scene.request()
        let later = scene.run { $0.generationFailed(second, from: "worker-1", request: again, at: $1, into: &$2) }
        #expect(later == [.answer(again, .acknowledgement)])
        #expect(try scene.job(id).failures == 1)

        scene.die("worker-2")
        #expect(try scene.job(id).lastFailure == "worker-2 died: no heartbeat for 3 s")
        #expect(try scene.job(id).failures == 1)
    }

    @Test mutating func permanentFailureEndsTheJob() throws {
        start(workers: 2)
        let request = scene.request()
        let failed = GenerationFailed(job: id, generation: 1, rank: 1, reason: "loss is not finite", permanent: true)
        let actions = scene.run { $0.generationFailed(failed, from: "worker-1", request: request, at: $1, into: &$2) }
        #expect(actions.savedJobs.last?.state == .failed)
        #expect(actions.savedJobs.last?.detail == "worker-1 (rank 1): loss is not finite")
        #expect(actions.stopped == ["worker-0", "worker-1"])
        #expect(scene.scheduler.jobs.isEmpty)
    }

    @Test mutating func onlyTheRankItselfMayFailItsGeneration() throws {
        start(workers: 2)
        let request = scene.request()
        let forged = GenerationFailed(job: id, generation: 1, rank: 0, reason: "x", permanent: true)
        let actions = scene.run { $0.generationFailed(forged, from: "worker-1", request: request, at: $1, into: &$2) }
        #expect(actions == [.answer(request, .acknowledgement)])
        #expect(try scene.job(id).status.state == .running)
    }

    @Test mutating func refusedAssignmentFailsTheGeneration() throws {
        start(workers: 2)
        let actions = scene.run {
            $0.assignmentAnswered(
                "worker-1", job: "digits-1", generation: 1, failure: "out of memory", at: $1, into: &$2)
        }
        #expect(actions.stopped == ["worker-0", "worker-1"])
        #expect(try scene.job(id).lastFailure == "worker-1 did not take its assignment: out of memory")
    }

    @Test mutating func triesAreBoundedAndPauseLongerEachTime() throws {
        start(workers: 1)
        let policy = scene.scheduler.policy
        #expect(policy.pause(afterFailures: 1) == .zero)
        #expect(policy.pause(afterFailures: 2) == .milliseconds(500))
        #expect(policy.pause(afterFailures: 3) == .seconds(1))
        #expect(policy.pause(afterFailures: 99) == .seconds(8))
        for attempt in 1...10 {
            let generation = try #require(scene.scheduler.job(id)?.running?.number)
            #expect(generation == UInt64(attempt))
            let actions = scene.run {
                $0.assignmentAnswered(
                    "worker-0", job: "digits-1", generation: generation, failure: "no", at: $1, into: &$2)
            }
            scene.leave("worker-0")
            if attempt == 10 {
                #expect(actions.savedJobs.last?.state == .failed)
                #expect(actions.savedJobs.last?.detail.hasPrefix("given up after 10 tries") == true)
            } else if attempt > 1 {
                #expect(try scene.job(id).detail.hasPrefix("pauses before try \(attempt + 1) of 10"))
                _ = scene.wait(policy.pause(afterFailures: attempt))
            }
        }
        #expect(scene.scheduler.jobs.isEmpty)
    }

    @discardableResult
    private mutating func fail(
        _ rank: Int, on worker: String? = nil, reason: String = "no", noRoom: Bool? = nil
    ) throws -> Effects {
        let generation = try #require(scene.scheduler.job(id)?.running?.number)
        let request = scene.request()
        let failed = GenerationFailed(
            job: id, generation: generation, rank: rank, reason: reason, permanent: false, noRoom: noRoom)
        let worker = worker ?? "worker-\(rank)"
        return scene.run { $0.generationFailed(failed, from: worker, request: request, at: $1, into: &$2) }
    }

    @Test mutating func aFullDiskOfAWorkerIsNoTry() throws {
        start(workers: 2)
        let policy = scene.scheduler.policy
        let detail = "no room on the disk of worker-1: make room there, and the job goes on by itself"
        for generation in 1...(policy.attemptsInAll + 1) {
            let actions = try fail(1, reason: "write /x: No space left on device", noRoom: true)
            #expect(actions.stopped == ["worker-0", "worker-1"])
            #expect(actions.savedJobs.last?.state == .waiting)
            #expect(actions.savedJobs.last?.detail == detail)
            for worker in ["worker-0", "worker-1"] { #expect(scene.leave(worker).assignments.isEmpty) }
            #expect(try scene.job(id).status.state == .waiting)
            #expect(try scene.job(id).detail == detail)
            #expect(scene.wait(policy.pauseForRoom - .milliseconds(1)).assignments.isEmpty)
            let next = UInt64(generation + 1)
            #expect(scene.wait(.milliseconds(1)).assignments.map(\.generation) == [next, next])
            #expect(try scene.job(id).detail == "on 2 workers, after: no room on the disk of worker-1")
        }
        #expect(try scene.job(id).failures == 0)
        #expect(try scene.job(id).failuresInAll == 0)

        try fail(0)
        #expect(try scene.job(id).failures == 1)
        #expect(try scene.job(id).failuresInAll == 1)
        #expect(try scene.job(id).lastFailure == "worker-0 (rank 0): no")
        for worker in ["worker-0", "worker-1"] { scene.leave(worker) }
        #expect(try scene.job(id).status.state == .running)
        // Tries that count are not forgiven by one that does not.
        try fail(1, noRoom: true)
        #expect(try scene.job(id).failures == 1)
        #expect(try scene.restarted().job(id).failures == 1)
    }

    @Test mutating func aJobThatWaitsForRoomHoldsUpNoOther() throws {
        start(workers: 1)
        let other = scene.submit(.example(workers: 1)).id
        try fail(0, noRoom: true)
        #expect(scene.leave("worker-0").assignments.map(\.job) == [other])
        #expect(try scene.job(id).status.state == .waiting)
    }

    @Test mutating func aWorkerWithoutRoomIsTakenLast() throws {
        start(workers: 1)
        for name in ["worker-1", "worker-2"] { scene.addWorker(name) }
        let pause = scene.scheduler.policy.pauseForRoom
        // Each that was tried in vain goes behind those that were not, and behind those tried before it.
        for (full, next) in [(0, 1), (1, 2), (2, 0), (0, 1)] {
            #expect(try scene.job(id).running?.members.map(\.name) == ["worker-\(full)"])
            try fail(0, on: "worker-\(full)", noRoom: true)
            scene.leave("worker-\(full)")
            #expect(scene.wait(pause).assignments.map { $0.members.map(\.name) } == [["worker-\(next)"]])
        }
        try scene.commitAll(.example(step: 1), job: id)
        #expect(try scene.job(id).workersWithoutRoom.isEmpty)
    }

    @Test mutating func aWorkerWithoutRoomIsTakenWhereNoOtherIsFree() throws {
        start(workers: 1)
        scene.addWorker("worker-1")
        let other = scene.submit(.example(workers: 1)).id
        #expect(try scene.job(other).running?.members.map(\.name) == ["worker-1"])
        try fail(0, noRoom: true)
        scene.leave("worker-0")
        let again = scene.wait(scene.scheduler.policy.pauseForRoom).assignments
        #expect(again.map { $0.members.map(\.name) } == [["worker-0"]])
    }

    /// The last failure says what is wrong; that each try came one epoch further does not make it right.
    @Test mutating func aJobThatFailsAgainAndAgainEndsThoughEachTryMakesProgress() throws {
        start(workers: 1)
        var tries = 0
        while let generation = scene.scheduler.job(id)?.running?.number, tries < 1000 {
            tries += 1
            try scene.commitAll(.example(step: tries), job: id)
            let request = scene.request()
            let failed = GenerationFailed(job: id, generation: generation, rank: 0, reason: "no", permanent: false)
            scene.run { $0.generationFailed(failed, from: "worker-0", request: request, at: $1, into: &$2) }
            scene.leave("worker-0")
        }
        #expect(tries == 100)
        let last = try #require(scene.saved.compactMap { if case .job(let job) = $0 { job } else { nil } }.last)
        #expect(last.state == .failed)
        #expect(last.detail == "given up after 100 tries that failed; the last one: worker-0 (rank 0): no")
        #expect(last.failures == 1 && last.failuresInAll == 100)
    }

    @Test mutating func aRestartDoesNotForgetHowOftenAJobFailed() throws {
        start(workers: 1)
        try scene.commitAll(.example(step: 1), job: id)
        scene.run {
            $0.assignmentAnswered("worker-0", job: "digits-1", generation: 1, failure: "no", at: $1, into: &$2)
        }
        #expect(try scene.job(id).failuresInAll == 1)
        #expect(try scene.restarted().job(id).failuresInAll == 1)
    }

    @Test mutating func whatAWorkerSaysOfItsFailureIsCut() throws {
        start(workers: 1)
        let request = scene.request()
        let failed = GenerationFailed(
            job: id, generation: 1, rank: 0, reason: String(repeating: "é", count: 1 << 20), permanent: true)
        let actions = scene.run { $0.generationFailed(failed, from: "worker-0", request: request, at: $1, into: &$2) }
        let detail = try #require(actions.savedJobs.last?.detail)
        #expect(detail.utf8.count <= 16 << 10 && detail.hasSuffix("é …"))
    }

    @Test mutating func aNewCheckpointForgivesEarlierFailures() throws {
        start(workers: 2)
        scene.die("worker-1")
        scene.leave("worker-0")
        #expect(try scene.job(id).failures == 1)
        try scene.commitAll(.example(step: 1), job: id)
        #expect(try scene.job(id).failures == 0)
    }

    @Test mutating func generationsAreNumberedOverAllJobs() throws {
        scene.addWorker("worker-0")
        scene.addWorker("worker-1")
        let first = scene.submit(.example(workers: 1)).actions.assignments
        let second = scene.submit(.example(workers: 1)).actions.assignments
        #expect(first.map(\.generation) == [1])
        #expect(second.map(\.generation) == [2])
    }

    @Test mutating func workerInAGenerationThatIsOverIsSentAway() throws {
        scene.join("worker-7")
        let actions = scene.report("worker-7", job: "digits-99", generation: 99)
        #expect(actions.stopped == ["worker-7"])
        scene.leave("worker-7")
        #expect(scene.scheduler.workers["worker-7"]?.state == .idle)
    }

    @Test mutating func progressIsTakenFromRankZeroOfTheRunningGeneration() throws {
        start(workers: 2)
        var report = ProgressReport(
            job: id, generation: 1, epoch: 1, epochs: 3, step: 2, steps: 10, loss: 0.5, samplesPerSecond: 100,
            secondsLeft: 3)
        scene.scheduler.progressed(report, from: "worker-1")
        #expect(try scene.job(id).progress == nil)
        scene.scheduler.progressed(report, from: "worker-0")
        #expect(try scene.job(id).status.progress == report)
        report.generation = 9
        report.step = 3
        scene.scheduler.progressed(report, from: "worker-0")
        #expect(try scene.job(id).progress?.step == 2)
    }
}
