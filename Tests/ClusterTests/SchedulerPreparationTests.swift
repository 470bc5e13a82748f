import JobProtocol
import Datasets
import Testing
import Training
import Wire

@testable import ControlPlane

/// Data is prepared one job at a time, and what takes the process with it is not tried for ever.
@Suite struct SchedulerPreparationTests {
    private var scene = ScheduleScene()
    private let id = "digits-1"

    private mutating func submit(_ specification: JobSpecification = .example()) -> Effects {
        let request = scene.request()
        return scene.run { $0.submit(specification, source: "", request: request, at: $1, into: &$2) }
    }

    @Test mutating func anAttemptIsStoredBeforeItBegins() throws {
        let actions = submit()
        #expect(actions.savedJobs.map(\.preparations) == [1])
        // What is stored comes before all that is done.
        #expect(actions.saves.count == 1 && actions.contains(.prepare(job: id, .example())))
    }

    /// A coordinator that is killed in the midst of it goes on, and gives up when that happens again.
    @Test mutating func aJobThatEndsTheCoordinatorIsGivenUp() throws {
        _ = submit()
        var second = scene.restarted()
        let again = second.run { $0.start(at: $1, into: &$2) }
        #expect(again.contains(.prepare(job: id, .example())))
        #expect(again.savedJobs.map(\.preparations) == [2])
        var third = second.restarted()
        let given = third.run { $0.start(at: $1, into: &$2) }
        #expect(given.prepared.isEmpty)
        #expect(given.savedJobs.map(\.state) == [.failed])
        #expect(
            given.savedJobs.map(\.detail) == [
                "the preparation of its data came to no end, 2 times (the coordinator ended meanwhile): take fewer "
                    + "rows, or give the preparation more memory by coordinator.preparation_memory_bytes in the cluster file"
            ])
    }

    @Test mutating func aPreparationThatDiesIsTriedOnceMore() throws {
        var specification = JobSpecification.example()
        specification.data.text = TextForm(use: .continueText, positions: 256, tokenizer: .bytes, stride: 1)
        _ = submit(specification)
        let again = scene.run {
            $0.preparationDied("digits-1", reason: "its process was ended by signal 9", at: $1, into: &$2)
        }
        #expect(again.prepared == [id])
        #expect(again.savedJobs.last?.preparations == 2)
        #expect(again.savedJobs.last?.lastFailure == "its process was ended by signal 9")
        let given = scene.run {
            $0.preparationDied("digits-1", reason: "its process was ended by signal 6", at: $1, into: &$2)
        }
        #expect(given.prepared.isEmpty)
        #expect(
            given.savedJobs.last?.detail
                == "the preparation of its data came to no end, 2 times (its process was ended by signal 6): "
                + "data.text.stride is 1, up to 256 makes fewer samples; or give the preparation more memory by "
                + "coordinator.preparation_memory_bytes in the cluster file")
        #expect(given.savedJobs.last?.state == .failed)
        #expect(scene.scheduler.jobs.isEmpty)
    }

    /// However often the disk has no room: that is no attempt, and ends with the job.
    @Test mutating func aPreparationThatFindsNoRoomIsMadeAgain() throws {
        _ = submit()
        _ = submit()
        for _ in 0..<20 {
            #expect(scene.run { $0.prepareAgain("digits-1", at: $1, into: &$2) }.prepared == ["digits-1"])
        }
        #expect(try scene.job(id).preparations == 1)
        _ = try #require(scene.cancel("digits-1").actions)
        #expect(scene.run { $0.prepareAgain("digits-1", at: $1, into: &$2) }.prepared == ["digits-2"])
        #expect(scene.run { $0.prepareAgain("digits-1", at: $1, into: &$2) }.prepared == [])
    }

    /// Jobs that only wait behind one that takes the process with it are not blamed.
    @Test mutating func oneJobIsPreparedAtATime() throws {
        #expect(submit().prepared == ["digits-1"])
        #expect(submit().prepared.isEmpty)
        #expect(try scene.job("digits-2").detail == "waits until the data of digits-1 is read")
        var restarted = scene.restarted()
        let again = restarted.run { $0.start(at: $1, into: &$2) }
        #expect(again.prepared == ["digits-1"])
        #expect(try restarted.job("digits-2").preparations == 0)

        let next = scene.run { $0.prepared("digits-1", plan: .example(), at: $1, into: &$2) }
        #expect(next.prepared == ["digits-2"])
        #expect(try scene.job("digits-2").preparations == 1)
        #expect(try scene.job("digits-2").detail == "reads /data/digits.csv")
    }

    @Test mutating func badDataAndDeathLetTheNextJobBegin() throws {
        for _ in 0..<3 { _ = submit() }
        #expect(
            scene.run { $0.preparationFailed("digits-1", reason: "no such file", at: $1, into: &$2) }.prepared == [
                "digits-2"
            ])
        #expect(
            scene.run { $0.preparationDied("digits-2", reason: "signal 9", at: $1, into: &$2) }.prepared == ["digits-2"]
        )
        #expect(
            scene.run { $0.preparationDied("digits-2", reason: "signal 9", at: $1, into: &$2) }.prepared == ["digits-3"]
        )
    }

    /// What was begun comes to its end first, though nobody wants it.
    @Test mutating func cancellingStopsThePreparation() throws {
        _ = submit()
        _ = submit()
        let cancelled = try #require(scene.cancel("digits-1").actions)
        #expect(cancelled.contains(.stopPreparation(job: "digits-1")))
        #expect(cancelled.prepared.isEmpty)
        let over = scene.run { $0.preparationDied("digits-1", reason: "it was stopped", at: $1, into: &$2) }
        #expect(over.prepared == ["digits-2"])
        // One that only waits has nothing to be stopped.
        _ = submit()
        let waiting = try #require(scene.cancel("digits-3").actions)
        #expect(!waiting.contains(.stopPreparation(job: "digits-3")))
    }

    /// A coordinator that is asked to end counts no attempt, however often that happens.
    @Test mutating func anOrderlyEndIsNoAttempt() throws {
        _ = submit()
        for _ in 0..<5 {
            #expect(
                scene.run { scheduler, _, effects in scheduler.stop(into: &effects) }.savedJobs.map(\.preparations) == [
                    0
                ])
            scene = scene.restarted()
            #expect(scene.run { $0.start(at: $1, into: &$2) }.prepared == [id])
        }
        scene.run { $0.prepared("digits-1", plan: .example(), at: $1, into: &$2) }
        #expect(scene.run { scheduler, _, effects in scheduler.stop(into: &effects) } == [])
    }
}

extension Effects {
    /// The jobs whose data is to be prepared.
    fileprivate var prepared: [String] {
        compactMap { if case .prepare(let job, _, _) = $0 { job } else { nil } }
    }
}
