import Checkpoints
import Foundation
import Messaging
import NeuralNetworks
import Synchronization
import Testing
import Wire

@testable import Serving

@Suite(.timeLimit(.minutes(10))) struct ModelServerTests {
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
        let server = ModelServer(limits: ServingLimits())
        let loaded = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: ServingLimits())
        if quick { loaded.warmUp() }
        #expect(loaded.isQuick == quick)
        server.install(loaded)
        server.makeReady(model.key)
        // When the thread begins, it takes what is there, asked or not. Once a version is let go of it waits for more: it
        // does that with the lock held, which it keeps until then.
        #expect(await server.infer(model, rows: model.rawRows(1)).failure == nil)
        await server.remove(model.key)
        #expect(server.statistics.batches == 1)
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
            server.submitLater(request, frames: [row.withUnsafeBytes { Frame(copying: $0) }], deadline: nil) { result in
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
        #expect(server.statistics.batches == 2)
        #expect(server.statistics.answeredRequests == 6)
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
                                server.submit(request, frames: [frame], deadline: nil) {
                                    continuation.resume(returning: $0)
                                }
                            } else {
                                server.submitLater(request, frames: [frame], deadline: nil) {
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

            failure = await server.infer(model, rows: model.rawRows(1), deadline: ContinuousClock.now - .seconds(1))
                .failure
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

    /// What was checked against one network is not run by another of the same name.
    @Test func aVersionThatIsLoadedAnew() async throws {
        let model = TrainedModel()
        let other = TrainedModel(features: 3, hidden: [4], folder: model.folder.appending(path: "other"))
        let (store, manifest) = try other.publish()
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 8, queueRows: 100)) { server in
            let gate = hold(server, model)
            async let waiting = server.infer(model, rows: model.rawRows(20))
            while server.queuedRows < 20 { await Task.yield() }
            let loaded = try LoadedModel.load(other.key, manifest: manifest, from: store, limits: server.limits)
            server.install(loaded)
            server.makeReady(other.key)
            #expect(await waiting.failure?.code == .unavailable)
            #expect(server.queuedRows == 0)
            gate.open()
            #expect(try await server.infer(other, rows: other.rawRows(2)).get().floats("logits").count == 6)
        }
    }

    /// An announced number of rows takes memory only if the rows are there.
    @Test func announcedRowsMustBeThere() async throws {
        let model = TrainedModel(features: 2, categories: ["blue", "red"])
        try await withServer(model, limits: ServingLimits(queueRows: 1_000_000)) { server in
            let failure = await server.infer(request(model, rows: 1_000_000, .bytes), frame: cells(["1", "2", "red"]))
                .failure
            #expect(failure?.message == "input 'input': the frame does not hold 1000000 x 3 BYTES elements")
            #expect(server.statistics.refusedRequests == 0 && server.queuedRows == 0)
        }
    }

    /// While the executor is held, the queue fills up to its limit, and what comes then is refused at once. What waits
    /// beyond its time is never computed. Everything else is answered.
    @Test func fullQueueDeadlinesAndDrain() async throws {
        let model = TrainedModel()
        let (store, manifest) = try model.publish()
        let clock = Mutex(ContinuousClock.now)
        let deadline = clock.withLock { $0 } + .seconds(1000)
        let server = ModelServer(limits: ServingLimits(maximumBatchRows: 4, queueRows: 8)) { clock.withLock { $0 } }
        try await server.load(model.key, manifest: manifest, from: store)
        let gate = hold(server, model)

        async let late = server.infer(model, rows: model.rawRows(1), deadline: deadline)
        async let waiting = server.infer(model, rows: model.rawRows(7))
        while server.queuedRows < 8 { await Task.yield() }
        #expect(await server.infer(model, rows: model.rawRows(1)).failure?.code == .queueFull)
        clock.withLock { $0 = deadline }

        async let drained: Void = server.drain(within: .seconds(3600))
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

    /// A flood for one version leaves the others their places.
    @Test func aFloodedVersionRefusesOnlyItsOwn() async throws {
        let model = TrainedModel()
        let other = TrainedModel(
            key: ModelKey(model: "tiny", version: 1), folder: model.folder.appending(path: "tiny"))
        let (otherStore, otherManifest) = try other.publish()
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 4, queueRows: 8)) { server in
            try await server.load(other.key, manifest: otherManifest, from: otherStore)
            let gate = hold(server, model)
            async let flood = server.infer(model, rows: model.rawRows(8))
            while server.queuedRows < 8 { await Task.yield() }
            #expect(await server.infer(model, rows: model.rawRows(1)).failure?.code == .queueFull)
            async let tiny = server.infer(other, rows: other.rawRows(8))
            while server.queuedRows < 16 { await Task.yield() }
            gate.open()
            let answers = await (flood: flood, tiny: tiny)
            #expect(answers.flood.failure == nil)
            let expected = try other.expected(other.rawRows(8))
            #expect(isClose(try answers.tiny.get().floats("logits"), expected))
        }
    }

    /// What nobody waits for any more gives its place to others, and ends where it has begun.
    @Test func takenBackRequestsAreNotComputed() async throws {
        let model = TrainedModel()
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 4, queueRows: 8)) { server in
            let gate = hold(server, model)
            let before = server.statistics
            let (waiting, kept) = (InferenceID(connection: 1, messageID: 7), InferenceID(connection: 2, messageID: 7))
            async let cancelled = server.infer(model, rows: model.rawRows(6), id: waiting)
            while server.queuedRows < 6 { await Task.yield() }
            async let answered = server.infer(model, rows: model.rawRows(2), id: kept)
            while server.queuedRows < 8 { await Task.yield() }
            server.cancel(waiting)
            #expect(server.queuedRows == 2)
            #expect(await cancelled.failure?.code == .cancelled)
            // Unknown, or taken back already.
            server.cancel(waiting)
            server.cancel(InferenceID(connection: 3, messageID: 1))
            gate.open()
            let answer = await answered
            #expect(answer.failure == nil)
            #expect(server.statistics.cancelledRequests == before.cancelledRequests + 1)
            // The two that were wanted.
            #expect(server.statistics.rows == before.rows + 2)
        }
    }

    /// Also while a piece runs behind which others wait: it is the last then, and its end that of the request.
    @Test func aRequestThatIsTakenBackBetweenItsPiecesIsAnswered() async throws {
        let model = TrainedModel()
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 4, queueRows: 16)) { server in
            let before = hold(server, model)
            // In one batch with a piece of the other that is not its last, and answered before it.
            let during = Gate()
            let row = request(model, rows: 1, .fp32)
            let values = model.rawRows(1).withUnsafeBytes { Frame(copying: $0) }
            server.submit(row, frames: [values], deadline: nil) { _ in during.block() }
            let id = InferenceID(connection: 1, messageID: 7)
            async let cancelled = server.infer(model, rows: model.rawRows(10), id: id)
            while server.queuedRows < 11 { await Task.yield() }
            before.open()
            during.waitUntilBlocked()
            #expect(server.queuedRows > 0)
            server.cancel(id)
            #expect(server.queuedRows == 0)
            during.open()
            #expect(await cancelled.failure?.code == .cancelled)
            #expect(await server.infer(model, rows: model.rawRows(1)).failure == nil)
        }
    }

    /// Outputs that are no numbers are no answer, for the request whose they are and for no other.
    @Test(arguments: [
        ModelSpecification.Task.classification, .binary, .regression,
    ])
    func whatIsNoNumberIsAnError(task: ModelSpecification.Task) async throws {
        var model = TrainedModel(task: task, outputs: task == .classification ? 3 : 1)
        // Finite, and so are the results for rows of a usual size.
        model.spoilWeights = { weights in for index in 0..<48 { weights[index] *= 1e10 } }
        model.spoilManifest = { $0.golden.tolerance = 1e30 }
        try await withServer(model) { [model] server in
            let gate = hold(server, model)
            var large = model.rawRows(3)
            large[model.rawColumns] = 3e38
            async let overflowing = server.infer(model, rows: [Float](large))
            while server.queuedRows < 3 { await Task.yield() }
            async let sound = server.infer(model, rows: model.rawRows(2))
            while server.queuedRows < 5 { await Task.yield() }
            gate.open()
            let answers = await (overflowing: overflowing, sound: sound)
            #expect(answers.overflowing.failure?.code == .invalidArgument)
            let message = try #require(answers.overflowing.failure?.message)
            #expect(message.contains("row 2: the network's result is"), "\(message)")
            #expect(answers.sound.failure == nil)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity]) func inputsAreNumbers(value: Float) async throws {
        let model = TrainedModel()
        try await withServer(model) { server in
            var rows = model.rawRows(2)
            rows[model.rawColumns + 4] = value
            let failure = await server.infer(model, rows: rows, outputs: ["label"]).failure
            #expect(failure?.code == .invalidArgument)
            #expect(
                failure?.message == "input 'input', row 2, column 'f4': expected a finite number, got \(value)")
        }
    }

    @Test(arguments: [-2, -1.5, -0.5, -1e20, 0.5, 8] as [Float])
    func inputsOfAnEmbeddingAreIDs(value: Float) async throws {
        let model = TrainedModel(vocabulary: 8)
        try await withServer(model) { server in
            var rows = model.rawRows(2)
            rows[model.rawColumns + 4] = -1
            #expect(await server.infer(model, rows: rows).failure == nil)
            rows[model.rawColumns + 4] = value
            let failure = await server.infer(model, rows: rows, outputs: ["label"]).failure
            #expect(failure?.code == .invalidArgument)
            #expect(
                failure?.message
                    == "input 'input', row 2, column 'f4': expected a whole number from 0 to 7, as the model's vocabulary "
                    + "is 8, or -1 for padding, got \(value)")
        }
    }

    /// An answer that no message carries is refused before anything is computed, where its size is known; one of few
    /// bytes for the same rows is not.
    @Test func answersAreBounded() async throws {
        let model = TrainedModel()
        var limits = ServingLimits(maximumBatchRows: 4, queueRows: 100)
        limits.outputBytes = 240
        limits.answerBytes = 500
        try await withServer(model, limits: limits) { server async throws in
            let before = server.statistics.rows
            let rows = model.rawRows(21)
            for outputs in [[], ["logits"], ["logits", "label"]] {
                let failure = await server.infer(model, rows: rows, outputs: outputs).failure
                #expect(failure?.code == .invalidArgument)
                let message = "output 'logits' would be more than the 240 bytes that it may have"
                #expect(failure?.message.hasPrefix(outputs.isEmpty ? "output 'logits'" : message) == true)
            }
            #expect(server.statistics.rows == before)
            // 11 bytes a label.
            #expect(try await server.infer(model, rows: rows, outputs: ["label"]).get().strings("label").count == 21)
            let text = await server.infer(model, rows: model.rawRows(30), outputs: ["label"]).failure
            #expect(text?.message.hasPrefix("output 'label' would be more than the 240 bytes") == true)
            let both = await server.infer(
                model, rows: model.rawRows(20), outputs: ["logits", "probabilities", "label"])
            #expect(both.failure?.message.hasPrefix("the answer would be more than the 500 bytes") == true)
            #expect(
                try await server.infer(model, rows: model.rawRows(20), outputs: ["logits"]).get().floats("logits").count
                    == 60)
        }
    }

    /// A network that takes more memory for a full batch than there is for it runs fewer rows at a time, with the same
    /// result.
    @Test func batchesFitTheirMemory() async throws {
        let model = TrainedModel(hidden: [512])
        let (store, manifest) = try model.publish()
        var limits = ServingLimits(maximumBatchRows: 64)
        let full = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: limits)
        #expect(full.batchRows == 64)
        limits.batchBytes = InferenceExecutor.memoryBytes(try Network(model.specification), maximumRows: 16)
        let bounded = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: limits)
        #expect(bounded.batchRows == 16)
        limits.batchBytes = 1
        let least = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: limits)
        #expect(least.batchRows == 1)
        try await withServer(model, limits: limits) { server in
            let answer = try await server.infer(model, rows: model.rawRows(40)).get()
            let expected = try model.expected(model.rawRows(40))
            #expect(isClose(answer.floats("logits"), expected))
        }
    }

    /// A network that is too slow for any batch to be in time runs row by row, and still learns it from few runs.
    @Test func batchesFitTheirTime() throws {
        let model = TrainedModel()
        let (store, manifest) = try model.publish()
        var limits = ServingLimits()
        limits.batchTime = .zero
        let slow = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: limits)
        slow.warmUp()
        #expect(slow.batchRows == 1 && !slow.isQuick)
        limits.batchTime = .seconds(3600)
        let quick = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: limits)
        quick.warmUp()
        #expect(quick.batchRows == 64)
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
        server.submit(request(model, rows: 1, .fp32), frames: [frame], deadline: nil) { _ in gate.block() }
        gate.waitUntilBlocked()
        return gate
    }
}
