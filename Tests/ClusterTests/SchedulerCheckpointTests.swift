import Digests
import Testing
import Training
import Wire

@testable import JobProtocol
@testable import ControlPlane

@Suite struct SchedulerCheckpointTests {
    private var scene = ScheduleScene()
    private let id = "digits-1"

    init() {
        scene.addWorker("worker-0")
        scene.addWorker("worker-1")
        _ = scene.submit()
    }

    private mutating func say(
        _ checkpoint: CheckpointReference, rank: Int, from name: String? = nil
    ) -> (request: RequestID, actions: Effects) {
        scene.commit(checkpoint, job: id, generation: 1, rank: rank, from: name ?? "worker-\(rank)")
    }

    private func upload(_ checkpoint: CheckpointReference) -> CheckpointUpload {
        CheckpointUpload(job: id, generation: 1, checkpoint: checkpoint, modelBytes: 10, optimizerBytes: 20)
    }

    @Test mutating func ranksAreAnsweredWhenTheCheckpointIsCommitted() throws {
        let (first, one) = say(.example(step: 5), rank: 0)
        #expect(one == [])
        let (second, two) = say(.example(step: 5), rank: 1)
        #expect(two == [.storeCheckpoint(upload(.example(step: 5)))])
        #expect(try scene.job(id).checkpoint == nil)

        let upload = upload(.example(step: 5))
        let stored = scene.run { $0.checkpointStored(upload, failure: nil, at: $1, into: &$2) }
        #expect(stored.answer(to: first) == .acknowledgement)
        #expect(stored.answer(to: second) == .acknowledgement)
        let saved = try #require(stored.savedJobs.last)
        #expect(saved.checkpoint == .example(step: 5))
        #expect(saved.curve.map(\.step) == [5])
        #expect(saved.state == .running)
        #expect(try scene.job(id).running?.round == nil)
    }

    /// Each checkpoint brings the epochs since the last one; the job keeps the whole curve, but no more of it than fits.
    @Test mutating func curvesGrowByTheNewEpochsAndStayBounded() throws {
        for last in stride(from: 100, through: 3000, by: 100) {
            let (_, _) = scene.commit(
                .example(step: last), job: id, generation: 1, rank: 1, from: "worker-1", curve: [])
            let epochs = (last - 99...last).map { EpochRecord(epoch: $0, step: $0, trainingLoss: Double($0 % 777)) }
            let (_, actions) = scene.commit(
                .example(step: last), job: id, generation: 1, rank: 0, from: "worker-0", curve: epochs)
            #expect(actions == [.storeCheckpoint(upload(.example(step: last)))])
            let upload = upload(.example(step: last))
            scene.run { $0.checkpointStored(upload, failure: nil, at: $1, into: &$2) }
        }
        let whole = (1...3000).map { EpochRecord(epoch: $0, step: $0, trainingLoss: Double($0 % 777)) }
        #expect(try scene.job(id).curve == whole.thinned())
        #expect(try scene.job(id).curve.count < 520)
    }

    @Test mutating func repeatedWordsAreAnsweredOnceEach() throws {
        let (lost, _) = say(.example(step: 5), rank: 0)
        let (again, _) = say(.example(step: 5), rank: 0)
        _ = say(.example(step: 5), rank: 1)
        let (late, repeated) = say(.example(step: 5), rank: 1)
        #expect(repeated == [])
        let upload = upload(.example(step: 5))
        let stored = scene.run { $0.checkpointStored(upload, failure: nil, at: $1, into: &$2) }
        #expect(stored.answer(to: lost) == nil)
        #expect(stored.answer(to: again) == .acknowledgement)
        #expect(stored.answer(to: late) == .acknowledgement)
        let (after, actions) = say(.example(step: 5), rank: 0)
        #expect(actions == [.answer(after, .acknowledgement)])
    }

    @Test mutating func divergedRanksFailTheGeneration() throws {
        let (first, _) = say(.example(step: 5), rank: 0)
        let (second, actions) = say(.example(step: 5, model: "other"), rank: 1)
        let reason = try scene.job(id).lastFailure
        #expect(reason.hasPrefix("ranks diverged at step 5: rank 0 has model \(ContentDigest.fake("model-5").short)"))
        #expect(reason.contains("rank 1 has model \(ContentDigest.fake("other").short)"))
        #expect(actions.failure(of: first)?.message == reason)
        #expect(actions.failure(of: second)?.message == reason)
        #expect(actions.stopped == ["worker-0", "worker-1"])
        #expect(try scene.job(id).checkpoint == nil)
    }

    @Test mutating func filesThatDoNotVerifyFailTheGenerationAndKeepThePrevious() throws {
        try scene.commitAll(.example(step: 1), job: id)
        let (first, _) = say(.example(step: 5), rank: 0)
        _ = say(.example(step: 5), rank: 1)
        let upload = upload(.example(step: 5))
        let actions = scene.run { $0.checkpointStored(upload, failure: "bytes 3 to 7 are missing", at: $1, into: &$2) }
        #expect(actions.failure(of: first) != nil)
        #expect(
            try scene.job(id).lastFailure == "the checkpoint of step 5 was not stored: bytes 3 to 7 are missing")
        #expect(try scene.job(id).checkpoint == .example(step: 1))
    }

    @Test mutating func deathOfARankEndsTheRound() throws {
        let (waiting, _) = say(.example(step: 5), rank: 0)
        let died = scene.die("worker-1")
        #expect(died.failure(of: waiting)?.message == "worker-1 died: no heartbeat for 3 s")
        #expect(died.contains(.discardUploads(job: id, generation: 1)))
        let upload = upload(.example(step: 5))
        #expect(scene.run { $0.checkpointStored(upload, failure: nil, at: $1, into: &$2) } == [])
        #expect(try scene.job(id).checkpoint == nil)
    }

    @Test mutating func silentRankEndsTheRoundButNotTheGeneration() throws {
        let (waiting, _) = say(.example(step: 5), rank: 0)
        #expect(scene.wait(.seconds(59)).isEmpty)
        let late = scene.wait(.seconds(1))
        #expect(late.failure(of: waiting)?.code == .deadlineExceeded)
        #expect(try scene.job(id).status.state == .running)
        try scene.commitAll(.example(step: 5), job: id)
        #expect(try scene.job(id).checkpoint == .example(step: 5))
    }

    @Test(arguments: [(0, "worker-1"), (1, "worker-0"), (2, "worker-2"), (0, "stranger")])
    mutating func onlyTheRankItselfIsHeard(rank: Int, name: String) throws {
        let (request, actions) = say(.example(step: 5), rank: rank, from: name)
        #expect(actions.failure(of: request)?.code == .failedPrecondition)
        #expect(try scene.job(id).running?.round == nil)
    }

    @Test mutating func generationThatIsOverIsNotHeard() throws {
        scene.die("worker-1")
        let (request, actions) = say(.example(step: 5), rank: 0)
        #expect(actions.failure(of: request)?.code == .failedPrecondition)
    }

    @Test mutating func referencesFollowTheLastCheckpoint() throws {
        try scene.commitAll(.example(step: 1), job: id)
        #expect(scene.scheduler.references.contains(.fake("model-1")))
        _ = say(.example(step: 2), rank: 0)
        #expect(scene.scheduler.references.isSuperset(of: [.fake("model-1"), .fake("model-2")]))
        try scene.commitAll(.example(step: 2), job: id)
        #expect(!scene.scheduler.references.contains(.fake("model-1")))
        #expect(scene.scheduler.references.isSuperset(of: [.fake("model-2"), .fake("optimizer-2")]))
        #expect(scene.scheduler.references.contains(.fake("digits-train-0")))
    }
}
