import Checkpoints
import Datasets
import Foundation
import NeuralNetworks
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import ControlPlane

@Suite struct SchedulerResultTests {
    private var scene = ScheduleScene()
    private let id = "digits-1"

    init() {
        scene.addWorker("worker-0")
        scene.addWorker("worker-1")
        _ = scene.submit()
    }

    private mutating func finish(
        generation: UInt64 = 1, from name: String = "worker-0"
    ) -> (request: RequestID, actions: Effects) {
        let request = scene.request()
        let report = GenerationFinished(job: id, generation: generation, result: .example())
        return (request, scene.run { $0.finished(report, from: name, request: request, at: $1, into: &$2) })
    }

    @Test func notesThatAreNotKeptAreCounted() {
        var plan = DataPlan.example()
        plan.notes = (0..<30).map { .init(kind: .missing, count: 1, message: "row \($0)") }
        let notes = DataSummary(of: plan).notes ?? []
        #expect(notes.count == 21 && notes.first == "1 row 0" && notes.last == "and 10 more")
    }

    @Test mutating func resultBecomesAManifestThenAVersion() throws {
        let (request, actions) = finish()
        guard case .storeManifest(id, 1, let manifest)? = actions.first else {
            Issue.record("expected a manifest, got \(actions)")
            return
        }
        #expect(manifest.name == "digits")
        #expect(manifest.job == id)
        #expect(manifest.files.map(\.digest) == [.fake("model-9")])
        #expect(manifest.data == .fake("digits"))
        #expect(manifest.seed == 7)
        #expect(manifest.metrics == ["accuracy": 0.95])
        #expect(manifest.codeVersion == codeVersion)
        #expect(manifest.interface.inputs.map(\.shape) == [[-1, 2]])
        #expect(manifest.interface.outputs.map(\.name) == ["logits", "probabilities", "label"])
        #expect(manifest.outputMeaning == "logits")

        let registered = scene.run { $0.registered("digits-1", generation: 1, version: 3, at: $1, into: &$2) }
        #expect(registered.answer(to: request) == .acknowledgement)
        let job = try #require(registered.savedJobs.last)
        #expect(job.state == .finished)
        #expect(job.version == 3)
        #expect(job.metrics == ["accuracy": 0.95])
        #expect(job.curve.map(\.step) == [9])
        #expect(job.detail == "made digits:3, stopped by epochs")
        #expect(registered.saves.contains(.dropPlan(job: id)))
        #expect(registered.stopped == [])
    }

    /// What a version serves is what its loss has made of its outputs.
    @Test(arguments: [
        (Loss.Name.crossEntropyOnProbabilities, ModelSpecification.Task.classification, ["probabilities", "label"]),
        (.binaryCrossEntropyOnProbabilities, .binary, ["probability", "label"]),
        (.binaryCrossEntropy, .binary, ["logits", "probability", "label"]),
        (.divergence, .regression, ["logits", "prediction"]), (.huber, .regression, ["prediction"]),
    ])
    func outputsFollowFromTheLoss(_ loss: Loss.Name, _ task: ModelSpecification.Task, _ names: [String]) throws {
        var specification = JobSpecification.example()
        specification.model.task = task
        specification.model.outputs = task == .binary ? 1 : 3
        specification.train.loss = Loss(loss)
        let job = Job(id: id, number: 1, specification: specification, source: "", submitted: .distantPast)
        let manifest = try Manifest(of: job, plan: .example(), result: .example())
        #expect(manifest.outputMeaning == loss.meaning.rawValue)
        #expect(manifest.interface.outputs.map(\.name) == names)
        #expect(manifest.interface.outputs.allSatisfy { $0.datatype == ($0.name == "label" ? "BYTES" : "FP32") })
    }

    @Test mutating func theEvaluationIsKeptWithTheJob() throws {
        let request = scene.request()
        let report = GenerationFinished(job: id, generation: 1, result: .example(evaluation: .example))
        scene.run { $0.finished(report, from: "worker-0", request: request, at: $1, into: &$2) }
        let registered = scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        #expect(registered.saves.contains(.evaluation(.example, job: id)))
        #expect(try #require(registered.savedJobs.last).data == DataSummary(of: .example()))
    }

    @Test mutating func aTraceIsKeptIfItWasAskedFor() throws {
        func trace(_ id: String, generation: UInt64) -> TraceReport {
            TraceReport(job: id, generation: generation, trace: .example)
        }
        let request = scene.request()
        let unasked = scene.run { [id] scheduler, _, effects in
            scheduler.traced(trace(id, generation: 1), from: "worker-0", request: request, into: &effects)
        }
        #expect(unasked == [.answer(request, .acknowledgement)])

        _ = finish()
        scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        scene.report("worker-0")
        scene.report("worker-1")
        let (next, actions) = scene.submit(profile: true)
        #expect(actions.assignments.map(\.profile) == [true, true])
        let generation = try #require(actions.assignments.first?.generation)
        for (name, number, isKept) in [
            ("worker-1", generation, false), ("worker-0", 99, false), ("worker-0", generation, true),
        ] {
            let request = scene.request()
            let traced = scene.run { scheduler, _, effects in
                scheduler.traced(trace(next, generation: number), from: name, request: request, into: &effects)
            }
            #expect(traced.answer(to: request) == .acknowledgement)
            #expect(traced.saves.contains(.trace(.example, job: next)) == isKept, "\(name) \(number)")
        }
    }

    @Test mutating func warningsStayWithTheJobAndAreBounded() throws {
        let (id, _) = scene.submit(warnings: Array(repeating: String(repeating: "x", count: 5000), count: 99))
        let warnings = try scene.job(id).status.warnings
        #expect(warnings.count == 50 && warnings.allSatisfy { $0.count == 1000 })
        #expect(try scene.restarted().job(id).status.warnings == warnings)
    }

    @Test mutating func workersAreFreeWhenTheySaySo() throws {
        _ = finish()
        scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        let (next, actions) = scene.submit()
        #expect(actions.assignments.isEmpty)
        scene.report("worker-0", job: id, generation: 1)
        #expect(scene.report("worker-1").assignments.isEmpty)
        let started = scene.report("worker-0")
        #expect(started.assignments.map(\.job) == [next, next])
    }

    @Test mutating func workerThatNeverNoticesTheEndIsTold() throws {
        _ = finish()
        scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        scene.report("worker-1")
        #expect(scene.wait(.seconds(2)).stopped == ["worker-0"])
    }

    @Test mutating func repeatedResultIsRegisteredOnce() throws {
        _ = finish()
        let (again, actions) = finish()
        #expect(actions == [])
        let registered = scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        #expect(registered.answer(to: again) == .acknowledgement)
        let (late, answer) = finish()
        #expect(answer == [.answer(late, .acknowledgement)])
    }

    @Test mutating func onlyRankZeroFinishes() throws {
        let (request, actions) = finish(from: "worker-1")
        #expect(actions.failure(of: request)?.code == .failedPrecondition)
        let (stale, old) = finish(generation: 7)
        #expect(old == [.answer(stale, .acknowledgement)])
        #expect(try scene.job(id).running?.finishing == nil)
    }

    @Test mutating func resultThatCannotBeRegisteredFailsTheGeneration() throws {
        let (request, _) = finish()
        let actions = scene.run {
            $0.registrationFailed("digits-1", generation: 1, reason: "the store has no model", at: $1, into: &$2)
        }
        #expect(actions.failure(of: request)?.message == "the result was not registered: the store has no model")
        #expect(try scene.job(id).status.state == .waiting)
    }

    @Test mutating func deathOfAnotherRankWhileRegisteringDoesNotLoseTheResult() throws {
        let (request, _) = finish()
        #expect(scene.die("worker-1") == [])
        #expect(scene.die("worker-0") == [])
        let registered = scene.run { $0.registered("digits-1", generation: 1, version: 1, at: $1, into: &$2) }
        #expect(registered.answer(to: request) == .acknowledgement)
        #expect(registered.savedJobs.last?.state == .finished)
    }
}
