import Checkpoints
import Datasets
import Explanations
import Foundation
import NeuralNetworks
import Testing
import Training
import Wire

@testable import ClusterProtocol
@testable import JobProtocol
@testable import Nodes

/// What documents may not hold, found where they arrive.
@Suite struct DocumentCheckTests {
    /// What is wrong with the document after `change`, as its sender is told.
    private func problem<Value: CheckedDocument>(
        _ value: Value, _ change: (inout Value) -> Void
    ) throws -> String? {
        var value = value
        change(&value)
        let document = try Document(kind: "x", value)
        do throws(Failure) {
            let _: Value = try document.decode()
            return nil
        } catch {
            #expect(error.code == .invalidArgument)
            return error.message
        }
    }

    private func problem(of change: (inout JobSpecification) -> Void) throws -> String? {
        try problem(SubmitJob(specification: .example(), source: "")) { change(&$0.specification) }
    }

    @Test func theSamplesAreSound() throws {
        for sample in DocumentSamples.all { #expect(throws: Never.self) { try sample.decode(sample.document) } }
    }

    @Test func jobsThatNoComputerCanDoAreRefused() throws {
        #expect(
            try problem { $0.train.slices = 0 }
                == "document 'x' cannot be used: train.slices: expected 1 to 65536, got 0")
        #expect(try problem { $0.train.slices = .max }?.contains("train.slices") == true)
        #expect(try problem { $0.train.workers = -1 }?.contains("train.workers") == true)
        #expect(try problem { $0.train.epochs = 9_000_000_000_000_000_000 }?.contains("train.epochs") == true)
        #expect(try problem { $0.train.accumulation = .max }?.contains("train.accumulate") == true)
        #expect(try problem { $0.train.batchSize = .max }?.contains("train.batch_size") == true)
        #expect(try problem { $0.train.stop.seconds = .nan }?.contains("train.stop.seconds") == true)
        #expect(try problem { $0.model.input = [.max, .max] }?.contains("model.input") == true)
        #expect(try problem { $0.model.outputs = .min }?.contains("model.outputs") == true)
        func nested(_ depth: Int) -> [LayerSpecification] {
            (1..<depth).reduce([.relu]) { layers, _ in [.residual(layers)] }
        }
        #expect(try problem { $0.model.layers = nested(32) } == nil)
        #expect(
            try problem { $0.model.layers = nested(33) }
                == "document 'x' cannot be used: model.layers: expected layers within each other at most 32 deep, got 33"
        )
        #expect(try problem { $0.data.split.train = .nan }?.contains("data.split") == true)
        #expect(
            try problem { $0.data.targets = [] }
                == "document 'x' cannot be used: data.targets: expected the column to learn, got none")
        #expect(
            try problem { $0.data.series = SeriesForm(window: 2, stride: 0) }
                == "document 'x' cannot be used: data.series.stride: expected 1 to 4294967296, got 0")
        #expect(
            try problem {
                $0.data.text = TextForm(use: .continueText, positions: 4, tokenizer: .bytes, stride: 0)
            }?.contains("data.text.stride") == true)
        #expect(
            try problem {
                $0.data.text = TextForm(use: .continueText, positions: 4, tokenizer: .pairs(vocabulary: .min))
            }?.contains("vocabulary") == true)
        #expect(
            try problem(SubmitJob(specification: .example(), source: "")) {
                $0.source = String(repeating: "x", count: JobSpecification.largestBytes + 1)
            }?.contains("the job file: expected at most 1048576 bytes") == true)
    }

    @Test func placesInListsAreNumbersThatCanBeReckonedWith() throws {
        let call = FollowLaunch(id: "x-1", after: 0)
        #expect(try problem(call) { $0.after = .min }?.contains("after: expected 0 to") == true)
        #expect(try problem(ListJobs(before: 3)) { $0.before = .min }?.contains("before") == true)
        let output = RankOutput(launch: "x-1", generation: 1, rank: 0, first: 0, lines: ["a"])
        #expect(try problem(output) { $0.first = -5 }?.contains("first") == true)
        #expect(try problem(output) { $0.first = .max }?.contains("first") == true)
        let ended = RankEnded(launch: "x-1", generation: 1, rank: 0, status: .exited(0), tail: [], printed: 1)
        #expect(try problem(ended) { $0.printed = .max }?.contains("printed") == true)
        #expect(try problem(output) { $0.lines = Array(repeating: "", count: 2001) }?.contains("lines") == true)
        #expect(
            try problem(StartLaunch(name: "x", workers: 1, command: .example)) {
                $0.command.arguments = [String(repeating: "x", count: 1 << 17)]
            }?.contains("command: expected at most 65536 bytes") == true)
    }

    @Test func resultsThatAreNoneAreRefused() throws {
        let finished = GenerationFinished(job: "digits-1", generation: 1, result: .example(evaluation: .example))
        #expect(try problem(finished) { _ in } == nil)
        #expect(try problem(finished) { $0.result.golden.rows = -1 }?.contains("golden.rows") == true)
        #expect(try problem(finished) { $0.result.golden.rows = 1 << 40 }?.contains("golden.rows") == true)
        #expect(try problem(finished) { $0.result.golden.interval = 0 }?.contains("golden.interval") == true)
        #expect(try problem(finished) { $0.result.golden.rows = 0 }?.contains("golden.input") == true)
        #expect(try problem(finished) { $0.result.modelBytes = -1 }?.contains("modelBytes") == true)
        #expect(try problem(finished) { $0.result.evaluation?.confusion?.removeLast() }?.contains("confusion") == true)
        #expect(try problem(finished) { $0.result.evaluation?.confusion?[1] = [1] }?.contains("confusion[1]") == true)
        #expect(try problem(finished) { $0.result.evaluation?.confusion?[0][0] = -1 }?.contains("confusion[0]") == true)
        #expect(
            try problem(finished) {
                $0.result.evaluation?.worst[0].content = .picture(
                    channels: .max, height: 2, width: 2, pixels: Data())
            }?.contains("worst[0].channels") == true)
        #expect(try problem(finished) { $0.result.curve[0].epoch = .min }?.contains("curve[0].epoch") == true)
        #expect(
            try problem(finished) { $0.result.curve = $0.result.curve + $0.result.curve }?.contains("curve[1].epoch")
                == true)
        // A loss may be no number, which is what is to be told.
        #expect(try problem(finished) { $0.result.curve[0].trainingLoss = .nan } == nil)
        #expect(try problem(finished) { $0.result.metrics["loss"] = .infinity } == nil)
    }

    @Test func ordersThatDoNotFitTogetherAreRefused() throws {
        let assignment = Assignment.example
        #expect(try problem(assignment) { _ in } == nil)
        #expect(try problem(assignment) { $0.rank = 2 }?.contains("rank: expected 0 to 1, got 2") == true)
        #expect(try problem(assignment) { $0.rank = -1 }?.contains("rank") == true)
        #expect(try problem(assignment) { $0.members = [] }?.contains("members") == true)
        #expect(try problem(assignment) { $0.members[1].slices = 3..<4 }?.contains("members[1].slices") == true)
        #expect(try problem(assignment) { $0.members[1].slices = 2..<9 }?.contains("all 4 slices") == true)
        #expect(try problem(assignment) { $0.plan.training.removeLast() }?.contains("plan.training") == true)
        #expect(try problem(assignment) { $0.plan.test[0].rows = .min }?.contains("plan.test[0].rows") == true)
        #expect(try problem(assignment) { $0.plan.trainingRows = 7 }?.contains("plan.trainingRows") == true)
        let launch = LaunchAssignment(launch: "x-1", generation: 1, rank: 0, worldSize: 1, command: .example)
        #expect(try problem(launch) { $0.rank = 1 }?.contains("rank") == true)
        #expect(try problem(launch) { $0.worldSize = 0 }?.contains("worldSize") == true)
    }

    @Test func routingTablesHaveShapesThatCanBeMultiplied() throws {
        let table = RoutingTable.example
        #expect(try problem(table) { _ in } == nil)
        #expect(
            try problem(table) { $0.models[0].interface.inputs[0].shape = [-1, .max, .max] }?.contains("shape") == true)
        #expect(try problem(table) { $0.models[0].interface.inputs[0].shape = [.min] }?.contains("shape") == true)
        #expect(
            try problem(table) { $0.models[0].interface.inputs[0].shape = [1 << 31, 1 << 31] }?.contains("a row")
                == true)
        #expect(try problem(table) { $0.models[0].version = 0 }?.contains("version") == true)
    }

    @Test func traceSpansNameWhatTheyAre() throws {
        let report = TraceReport(job: "digits-1", generation: 1, trace: .example)
        #expect(try problem(report) { $0.trace.recordings[0].spans[0].name = 1 }?.contains("spans[0].name") == true)
        #expect(try problem(report) { $0.trace.recordings[0].spans[0].start = .max }?.contains("start") == true)
        #expect(try problem(report) { $0.trace.recordings[0].dropped = -1 }?.contains("dropped") == true)
        #expect(
            try problem(report) { $0.trace.recordings[0].origin = Date(timeIntervalSince1970: 1e300) }?
                .contains("recordings[0].origin: expected a time within") == true)
    }

    /// A node that has more to tell than a report may hold sends what it may.
    @Test func whatSendersCutIsTaken() throws {
        let replica = ReplicaReport(model: "m", version: 1, manifest: .fake("m"), state: .ready)
        let report = NodeReport(
            activity: "", inference: InferenceReport(replicas: Array(repeating: replica, count: 5000)))
        #expect(try problem(report) { _ in }?.contains("inference.replicas: expected at most 4096") == true)
        #expect(try problem(report.shortened) { _ in } == nil)
        let traffic = (0..<5000).map { number in
            let rate = Double(number)
            return (
                "m-\(number)",
                GatewayReport.Traffic(
                    requestsPerSecond: rate, p50Milliseconds: 1, p99Milliseconds: 1, errorsPerSecond: 0)
            )
        }
        let gateway = NodeReport(
            activity: "",
            gateway: GatewayReport(routingEpoch: 1, traffic: Dictionary(uniqueKeysWithValues: traffic)))
        #expect(try problem(gateway) { _ in }?.contains("gateway.traffic: expected at most 4096") == true)
        let shortened = gateway.shortened
        #expect(try problem(shortened) { _ in } == nil)
        #expect(shortened.gateway?.traffic.values.map(\.requestsPerSecond).min() == Double(5000 - 4096))

        let name = SampleDescriber.className(String(repeating: "👨‍👩‍👧", count: 300))
        var evaluation = JobEvaluation.example
        evaluation.classes[0] = name
        let finished = GenerationFinished(
            job: "digits-1", generation: 1, result: .example(evaluation: evaluation))
        #expect(try problem(finished) { _ in } == nil)
    }

    /// A document is not even parsed where it is longer than its type ever is.
    @Test func whatIsLongerThanItsTypeAllowsIsRefused() throws {
        func refusal<M: ClusterMessage>(_ message: M, bytes: Int) throws -> String? {
            var json = try Document(message).json
            json += Array(repeating: UInt8(ascii: " "), count: bytes - json.count)
            do throws(Failure) {
                let _: M = try Document(kind: M.kind.rawValue, json: json).decode()
                return nil
            } catch {
                return error.message
            }
        }
        let unload = UnloadReplica(model: "digits", version: 1)
        #expect(try refusal(unload, bytes: 1 << 16) == nil)
        #expect(try refusal(unload, bytes: 1 << 16 + 1) == "'unload' has 65537 bytes, expected at most 65536")
        let limit = WireLimits.documentBytes
        #expect(try refusal(ListJobs(before: 1), bytes: limit) == nil)
        #expect(
            try refusal(ListJobs(before: 1), bytes: limit + 1)
                == "'operator.jobs' has \(limit + 1) bytes, expected at most \(limit): "
                + "lists of names belong into the data, not into the job file")
    }

    @Test func textsAndListsInsideResultsAreBounded() throws {
        let finished = GenerationFinished(job: "digits-1", generation: 1, result: .example(evaluation: .example))
        let long = String(repeating: "x", count: 1 << 20 + 1)
        #expect(
            try problem(finished) { $0.result.golden.input = Array(repeating: 0, count: 1 << 22 + 1) }?
                .contains("golden.input: expected at most 4194304 entries") == true)
        #expect(
            try problem(finished) { $0.result.evaluation?.worst[0].label = long }?.contains("worst[0].label") == true)
        #expect(
            try problem(finished) { $0.result.evaluation?.worst[0].prediction = long }?.contains("worst[0].prediction")
                == true)
        #expect(
            try problem(finished) {
                $0.result.evaluation?.worst[1].content = .values(names: ["x"], values: [long])
            }?.contains("worst[1].values: expected at most 65536 bytes") == true)
        #expect(
            try problem(finished) { $0.result.evaluation?.machines[0].processor = long }?
                .contains("machines[0].processor") == true)
        #expect(try problem(finished) { $0.result.evaluation?.machines[0].cores = -1 }?.contains("cores") == true)
        let ended = RankEnded(launch: "x-1", generation: 1, rank: 0, status: .exited(1), tail: ["bye"], printed: 1)
        #expect(
            try problem(ended) { $0.tail = [String(repeating: "x", count: 4097)] }
                == "document 'x' cannot be used: tail: expected at most 4096 bytes, got 4097 bytes")
        let report = TraceReport(job: "digits-1", generation: 1, trace: .example)
        #expect(
            try problem(report) {
                $0.trace.recordings = Array(repeating: $0.trace.recordings[0], count: 1 << 16 + 1)
            }?.contains("trace.recordings: expected at most 65536 entries") == true)
    }

    /// Who fails may say anything; who tells of it says as much as a message should hold.
    @Test func reasonsAreCutWhereTheyAreTold() throws {
        let words = String(repeating: "why ", count: 1 << 18)
        let limit = WireLimits.failureMessageBytes
        #expect(StopGeneration(job: "digits-1", generation: 1, reason: words).reason.utf8.count <= limit)
        let failed = GenerationFailed(job: "digits-1", generation: 1, rank: 0, reason: words, permanent: true)
        #expect(failed.reason.utf8.count <= limit && failed.reason.hasPrefix("why why"))
        let replica = ReplicaReport(model: "m", version: 1, manifest: .fake("m"), state: .failed, reason: words)
        #expect(replica.reason.utf8.count <= limit)
        let ended = RankEnded(
            launch: "x-1", generation: 1, rank: 0, status: .notStarted(words), tail: ["bye"], printed: 1)
        #expect(try Document(ended).json.count < 2 * limit)
        let short = RankEnded(launch: "x-1", generation: 1, rank: 0, status: .notStarted("no"), tail: [], printed: 0)
        #expect(short.status == .notStarted("no"))
    }

    /// On whichever node, with as many versions as there may be, all of which failed with a lot to say.
    @Test func aReportOfFailuresFitsIntoAHeartbeat() throws {
        var replica = ReplicaReport(
            model: String(repeating: "m", count: 64), version: 1, manifest: .fake("m"), state: .failed)
        replica.reason = String(repeating: "\u{1}", count: 16 << 10)
        replica.revision = .max
        let many = NodeReport(
            activity: String(repeating: "\u{1}", count: 5000),
            inference: InferenceReport(replicas: Array(repeating: replica, count: 5000))
        ).shortened
        #expect(try Document(kind: NodeReport.kind, many).json.count < WireLimits.documentBytes)
        #expect(try problem(many) { _ in } == nil)
        #expect(many.inference?.replicas.allSatisfy { !$0.reason.isEmpty } == true)
        let one = NodeReport(activity: "", inference: InferenceReport(replicas: [replica])).shortened
        #expect(one.inference?.replicas[0].reason.utf8.count ?? 0 > 4000)
        replica.reason = "damaged"
        let short = NodeReport(activity: "", inference: InferenceReport(replicas: [replica]))
        #expect(short.shortened == short)
    }

    @Test func textsAreCutAtCharacters() {
        #expect("short".shortened(toBytes: 5) == "short")
        #expect("longer than that".shortened(toBytes: 10) == "longer …")
        let family = String(repeating: "👨‍👩‍👧", count: 10)
        let cut = family.shortened(toBytes: 60)
        #expect(cut.utf8.count <= 60 && cut.hasSuffix(" …") && cut.hasPrefix("👨‍👩‍👧"))
    }
}
