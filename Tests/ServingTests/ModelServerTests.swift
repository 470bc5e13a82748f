import Foundation
import Messaging
import NeuralNetworks
import Synchronization
import Testing
import Wire

@testable import Serving

@Suite struct ModelServerTests {
    /// A server with one ready model; takes both away again afterwards.
    private func withServer(
        _ model: TrainedModel, limits: ServingLimits = ServingLimits(),
        _ body: (ModelServer) async throws -> Void
    ) async throws {
        let (store, manifest) = try model.publish()
        let server = ModelServer(limits: limits)
        do {
            try await server.load(model.key, manifest: manifest, from: store)
            try await body(server)
        } catch {
            await server.drain(within: .seconds(5))
            throw error
        }
        await server.drain(within: .seconds(5))
        try FileManager.default.removeItem(at: model.folder)
    }

    private func isClose(_ left: [Float], _ right: [Float]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
    }

    /// Many callers at once, each with rows of its own and outputs of its own choice, get what they would get alone.
    @Test(arguments: [1, 7, 64])
    func everyCallerGetsItsOwnAnswer(batchRows: Int) async throws {
        let model = TrainedModel()
        let limits = ServingLimits(maximumBatchRows: batchRows, queueRows: 100_000)
        try await withServer(model, limits: limits) { server in
            let before = server.statistics.answeredRequests
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<150 {
                    group.addTask {
                        var random = SplitMix(state: UInt64(caller))
                        let rows = Int.random(in: 1...100, using: &random)
                        let raw = model.rawRows(rows, seed: UInt64(1000 + caller))
                        let outputs = [[], ["label"], ["probabilities", "logits"]][caller % 3]
                        let answer = try await server.infer(model, rows: raw, outputs: outputs).get()
                        let names = outputs.isEmpty ? ["logits", "probabilities", "label"] : outputs
                        #expect(answer.response.outputs.map(\.name) == names)
                        #expect(answer.response.version == "3")
                        let logits = try model.expected(raw)
                        if names.contains("logits") { #expect(isClose(answer.floats("logits"), logits)) }
                        if names.contains("label") { #expect(answer.strings("label") == labels(logits)) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.statistics.answeredRequests == before + 150)
        }
    }

    private func labels(_ logits: [Float]) -> [String] {
        stride(from: 0, to: logits.count, by: 3).map { row in
            "class \((0..<3).max { logits[row + $0] < logits[row + $1] }!)"
        }
    }

    /// Requests that came together run together, where they came if that is quick.
    @Test(arguments: [true, false]) func runsWhatWasSubmittedAsOneBatch(quick: Bool) async throws {
        let model = TrainedModel()
        let (store, manifest) = try model.publish()
        let server = ModelServer()
        let loaded = try LoadedModel.load(model.key, manifest: manifest, from: store, maximumRows: 64)
        if quick { loaded.warmUp() }
        #expect(loaded.isQuick == quick)
        server.install(loaded)
        server.makeReady(model.key)
        let request = InferRequest(
            model: model.key.model, version: "3",
            inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [1, model.rawColumns])],
            outputs: ["logits"])
        let (answers, answer) = AsyncStream.makeStream(of: (Int, Bool, [Float]).self)
        let here = UInt(pthread_self())
        let raw = (0..<5).map { model.rawRows(1, seed: UInt64($0)) }
        for (index, row) in raw.enumerated() {
            server.submitLater(request, frames: [row.withUnsafeBytes { Frame(copying: $0) }], deadline: 0) { result in
                answer.yield((index, UInt(pthread_self()) == here, (try? result.get().floats("logits")) ?? []))
            }
        }
        #expect(server.queuedRows == 5)
        server.runSubmitted()
        var iterator = answers.makeAsyncIterator()
        for _ in raw {
            let (index, isHere, logits) = try #require(await iterator.next())
            #expect(isHere == quick)
            let expected = try model.expected(raw[index])
            #expect(isClose(logits, expected))
        }
        await server.drain(within: .seconds(5))
        #expect(server.statistics.batches == 1)
        #expect(server.statistics.answeredRequests == 5)
        try FileManager.default.removeItem(at: model.folder)
    }

    /// Many threads bring requests at once; only one batch runs at a time, and no request is forgotten.
    @Test func batchesNeverOverlap() async throws {
        let model = TrainedModel()
        try await withServer(model) { server in
            let request = InferRequest(
                model: model.key.model, version: "3",
                inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [1, model.rawColumns])],
                outputs: ["logits"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<400 {
                    group.addTask {
                        let raw = model.rawRows(1, seed: UInt64(caller))
                        let frame = raw.withUnsafeBytes { Frame(copying: $0) }
                        let result: Result<InferenceAnswer, Failure> = await withCheckedContinuation { continuation in
                            if caller.isMultiple(of: 3) {
                                server.submit(request, frames: [frame], deadline: 0) {
                                    continuation.resume(returning: $0)
                                }
                            } else {
                                server.submitLater(request, frames: [frame], deadline: 0) {
                                    continuation.resume(returning: $0)
                                }
                                server.runSubmitted()
                            }
                        }
                        let (logits, expected) = (try result.get().floats("logits"), try model.expected(raw))
                        #expect(isClose(logits, expected))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func probabilitiesAddUpToOne() async throws {
        let model = TrainedModel()
        try await withServer(model) { server in
            let answer = try await server.infer(model, rows: model.rawRows(4)).get()
            let probabilities = answer.floats("probabilities")
            for row in 0..<4 { #expect(abs(probabilities[(3 * row)..<(3 * row + 3)].reduce(0, +) - 1) < 1e-6) }
        }
    }

    @Test func binaryAndRegressionOutputs() async throws {
        let binary = TrainedModel(key: ModelKey(model: "binary", version: 1), task: .binary, outputs: 1)
        try await withServer(binary) { server in
            let raw = binary.rawRows(20)
            let answer = try await server.infer(binary, rows: raw).get()
            let logits = try binary.expected(raw)
            #expect(isClose(answer.floats("logits"), logits))
            #expect(isClose(answer.floats("probability"), logits.map { 1 / (1 + exp(-$0)) }))
            #expect(answer.strings("label") == logits.map { $0 >= 0 ? "yes" : "no" })
        }
        let regression = TrainedModel(key: ModelKey(model: "regression", version: 1), task: .regression, outputs: 2)
        try await withServer(regression) { server in
            let raw = regression.rawRows(20)
            let answer = try await server.infer(regression, rows: raw).get()
            #expect(
                answer.response.outputs == [TensorDescription(name: "prediction", datatype: .fp32, shape: [20, 2])])
            #expect(try isClose(answer.floats("prediction"), regression.expected(raw)))
        }
    }

    @Test func cellsOfATable() async throws {
        let model = TrainedModel(features: 2, categories: ["blue", "red"])
        try await withServer(model) { server in
            let frame = cells(["1.5", "-2", "red", "0", "3", "blue"])
            let answer = try await server.infer(request(model, rows: 2, .bytes), frame: frame).get()
            #expect(try isClose(answer.floats("logits"), model.expected([1.5, -2, 1, 0, 3, 0])))
        }
    }

    /// One caller's bad cell fails that caller alone, with the column's name, in whatever company it runs.
    @Test func aBadRequestFailsAlone() async throws {
        let model = TrainedModel(features: 2, categories: ["blue", "red"])
        try await withServer(model) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<60 {
                    group.addTask {
                        let color = caller % 4 == 0 ? "green" : "red"
                        let frame = cells(["\(caller)", "1", color])
                        let answer = await server.infer(request(model, rows: 1, .bytes), frame: frame)
                        if color == "green" {
                            #expect(answer.failure?.code == .invalidArgument)
                            #expect(answer.failure?.message.contains("'kind'") == true)
                        } else {
                            let expected = try model.expected([Float(caller), 1, 1])
                            #expect(try isClose(answer.get().floats("logits"), expected))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func request(_ model: TrainedModel, rows: Int, _ datatype: Datatype) -> InferRequest {
        InferRequest(
            model: model.key.model, version: String(model.key.version),
            inputs: [TensorDescription(name: "input", datatype: datatype, shape: [rows, model.rawColumns])])
    }

    private func cells(_ cells: [String]) -> Frame {
        Frame(
            copying: cells.flatMap {
                withUnsafeBytes(of: UInt32($0.utf8.count).littleEndian, Array.init) + Array($0.utf8)
            })
    }

    @Test func refusesWhatItCannotRun() async throws {
        let model = TrainedModel()
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 8, queueRows: 32)) { server in
            var stranger = model
            stranger.key = ModelKey(model: "flowers", version: 9)
            var failure = await server.infer(stranger, rows: model.rawRows(1)).failure
            #expect(failure?.code == .notFound)
            #expect(failure?.message.contains("flowers:3") == true)

            failure = await server.infer(model, rows: model.rawRows(33)).failure
            #expect(failure?.code == .invalidArgument)
            #expect(failure?.message.contains("32 rows") == true)

            failure = await server.infer(model, rows: model.rawRows(1), outputs: ["weights"]).failure
            #expect(failure?.code == .invalidArgument)

            failure = await server.infer(model, rows: model.rawRows(1), deadline: 1).failure
            #expect(failure?.code == .deadlineExceeded)

            var request = InferRequest(
                model: "flowers", version: "3",
                inputs: [TensorDescription(name: "input", datatype: .fp32, shape: [1, 5])])
            failure = await server.infer(request, frame: Frame(copying: [UInt8](repeating: 0, count: 20))).failure
            #expect(failure?.message.contains("6 values") == true)
            for shape in [[], [0, 6], [-1, 6], [2, 6], [Int.max, 6]] {
                request.inputs[0].shape = shape
                failure = await server.infer(request, frame: Frame(copying: [UInt8](repeating: 0, count: 24))).failure
                #expect(failure?.code == .invalidArgument, "\(shape)")
            }
        }
    }

    /// While the executor is held, the queue fills up to its limit, and what comes then is refused at once. What waits
    /// beyond its time is never computed. Everything else is answered.
    @Test func fullQueueDeadlinesAndDrain() async throws {
        let model = TrainedModel()
        let (store, manifest) = try model.publish()
        let clock = Atomic<UInt64>(1000)
        let server = ModelServer(limits: ServingLimits(maximumBatchRows: 4, queueRows: 8)) {
            clock.load(ordering: .sequentiallyConsistent)
        }
        try await server.load(model.key, manifest: manifest, from: store)
        let gate = hold(server, model)

        async let late = server.infer(model, rows: model.rawRows(1), deadline: 2000)
        async let waiting = server.infer(model, rows: model.rawRows(7))
        while server.queuedRows < 8 { await Task.yield() }
        #expect(await server.infer(model, rows: model.rawRows(1)).failure?.code == .queueFull)
        clock.store(2000, ordering: .sequentiallyConsistent)

        async let drained: Void = server.drain(within: .seconds(20))
        // Too large to be queued, so it is answered at once: first so, then because the server drains.
        while await server.infer(model, rows: model.rawRows(9)).failure?.code != .unavailable { await Task.yield() }
        gate.open()
        let answers = await (late: late, waiting: waiting)
        #expect(answers.late.failure?.code == .deadlineExceeded)
        let expected = try model.expected(model.rawRows(7))
        #expect(isClose(try answers.waiting.get().floats("logits"), expected))
        await drained
        #expect(server.statistics.refusedRequests >= 1 && server.statistics.expiredRequests == 1)
        try FileManager.default.removeItem(at: model.folder)
    }

    @Test func drainEndsAtItsLimit() async throws {
        let model = TrainedModel()
        let (store, manifest) = try model.publish()
        let server = ModelServer(limits: ServingLimits(maximumBatchRows: 1, queueRows: 64))
        try await server.load(model.key, manifest: manifest, from: store)
        let gate = hold(server, model)
        async let left = server.infer(model, rows: model.rawRows(3))
        while server.queuedRows < 3 { await Task.yield() }
        async let removed: Void = server.remove(model.key)
        while !server.readyModels.isEmpty { await Task.yield() }
        async let drained: Void = server.drain(within: .zero)
        while !server.isAbandoning { await Task.yield() }
        gate.open()
        let answer = await left
        #expect(answer.failure?.code == .unavailable)
        await drained
        await removed
        try FileManager.default.removeItem(at: model.folder)
    }

    @Test func removingAnswersWhatWasAccepted() async throws {
        let model = TrainedModel()
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 1, queueRows: 64)) { server in
            let gate = hold(server, model)
            async let accepted = server.infer(model, rows: model.rawRows(5))
            while server.queuedRows < 5 { await Task.yield() }
            async let removed: Void = server.remove(model.key)
            while !server.readyModels.isEmpty { await Task.yield() }
            #expect(await server.infer(model, rows: model.rawRows(1)).failure?.code == .notFound)
            gate.open()
            let answer = await accepted
            #expect(answer.failure == nil)
            await removed
            await server.remove(model.key)
        }
    }

    /// Keeps the executor's thread busy with the reply of a request of its own.
    private func hold(_ server: ModelServer, _ model: TrainedModel) -> Gate {
        let gate = Gate()
        let frame = model.rawRows(1).withUnsafeBytes { Frame(copying: $0) }
        server.submit(request(model, rows: 1, .fp32), frames: [frame], deadline: 0) { _ in gate.block() }
        gate.waitUntilBlocked()
        return gate
    }
}
