import Checkpoints
import Datasets
import Foundation
import Messaging
import NeuralNetworks
import Synchronization
import Tensors
import Testing
import Wire

@testable import Serving

/// Models that clients send text to.
@Suite struct TextModelTests {
    private let words = Tokenizer.words(
        WordTokenizer(words: ["the", "film", "good", "bad", "is", "was", "a"], lowercases: true))

    private func withServer(
        _ model: TrainedModel, limits: ServingLimits = ServingLimits(), _ body: (ModelServer) async throws -> Void
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

    private func ask(
        _ server: ModelServer, _ model: TrainedModel, _ texts: [String], cells: Int = 1, outputs: [String] = []
    ) async -> Result<InferenceAnswer, Wire.Failure> {
        let request = InferRequest(
            model: model.key.model, version: String(model.key.version),
            inputs: [TensorDescription(name: "input", datatype: .bytes, shape: [texts.count / cells, cells])],
            outputs: outputs)
        let bytes = texts.flatMap {
            withUnsafeBytes(of: UInt32($0.utf8.count).littleEndian, Array.init) + Array($0.utf8)
        }
        return await server.infer(request, frame: Frame(copying: bytes))
    }

    /// The node makes the ids that training made: lower case, 0 for strangers, cut and padded.
    @Test func textsAreClassified() async throws {
        let model = TrainedModel(
            text: TextEncoding(tokenizer: words, use: .classify(field: "review"), positions: 4))
        try await withServer(model) { server in
            let texts = ["The film was GOOD", "a bad, bad film", "good"]
            let ids: [Float] = [1, 2, 6, 3, 7, 4, 0, 4, 3, -1, -1, -1]
            let answer = try await ask(server, model, texts).get()
            let expected = try model.expected(ids)
            let logits = answer.floats("logits")
            #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-5 } && logits.count == 9)
            #expect(answer.strings("label").count == 3)
            let empty = await ask(server, model, ["good", "  "]).failure
            #expect(empty?.code == .invalidArgument && empty?.message.contains("row 2: the text is empty") == true)
            let wrong = await ask(server, model, ["a", "b"], cells: 2).failure
            #expect(wrong?.code == .invalidArgument)
        }
    }

    /// A result at each position: labels alone unless more is asked for.
    @Test func aLanguageModelAnswersAtEachPosition() async throws {
        let model = TrainedModel(outputs: 9, text: TextEncoding(tokenizer: words, use: .continueText, positions: 3))
        try await withServer(model) { server in
            let answer = try await ask(server, model, ["the film is good", "a"]).get()
            #expect(answer.response.outputs.map(\.name) == ["label"])
            #expect(answer.response.outputs[0].shape == [2, 3])
            let logits = try model.expected([2, 5, 3, 7, -1, -1])
            let best = (0..<6).map { place in (0..<9).max { logits[place * 9 + $0] < logits[place * 9 + $1] }! }
            // The head is one wider than the vocabulary.
            let names = ["<unk>", "the", "film", "good", "bad", "is", "was", "a", ""]
            #expect(answer.strings("label") == best.map { names[$0] })
            let full = try await ask(server, model, ["the film is good", "a"], outputs: ["logits", "probabilities"])
                .get()
            #expect(full.response.outputs.map(\.shape) == [[2, 3, 9], [2, 3, 9]])
            #expect(zip(full.floats("logits"), logits).allSatisfy { abs($0 - $1) < 1e-5 })
            let probabilities = full.floats("probabilities")
            for place in 0..<6 { #expect(abs(probabilities[place * 9..<place * 9 + 9].reduce(0, +) - 1) < 1e-5) }
        }
    }

    /// Translations are what the decoder makes of the sources alone, in batches too small for the request.
    @Test func textsAreTranslated() async throws {
        let encoding = TextEncoding(
            tokenizer: words, use: .translate(source: "en", target: "fr", targetPositions: 5), positions: 4)
        let model = TrainedModel(outputs: 10, text: encoding)
        let network = try Network(model.specification)
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 5)
        let decoder = try #require(SequenceDecoder(network: network, start: 8, end: 9, maximumRows: 3))
        let expected = decoder.decode([[1, 2], [3, 2, 5, 7], [4]], parameters: parameters.pointer).map {
            words.decode($0 ?? [])
        }
        try await withServer(model, limits: ServingLimits(maximumBatchRows: 2)) { server in
            let texts = ["The film", "", "good film is a", "was", "bad", ""]
            let answer = try await ask(server, model, texts, cells: 2).get()
            #expect(answer.response.outputs.map(\.name) == ["text"] && answer.response.outputs[0].shape == [3])
            #expect(answer.strings("text") == expected)
            let labels = try await ask(server, model, texts, cells: 2, outputs: ["label"]).get()
            #expect(labels.response.outputs[0].shape == [3, 5] && labels.strings("label").count == 15)
        }
    }

    /// A model that translates texts of four words, and a request for so many of them.
    private func translator(rows: Int) -> (model: TrainedModel, request: InferRequest, frame: Frame) {
        let encoding = TextEncoding(
            tokenizer: words, use: .translate(source: "en", target: "fr", targetPositions: 5), positions: 4)
        let model = TrainedModel(outputs: 10, text: encoding)
        let request = InferRequest(
            model: model.key.model, version: String(model.key.version),
            inputs: [TensorDescription(name: "input", datatype: .bytes, shape: [rows, 2])], outputs: ["text"])
        let cells = (0..<rows).flatMap { _ in ["The film", ""] }
        let bytes = cells.flatMap {
            withUnsafeBytes(of: UInt32($0.utf8.count).littleEndian, Array.init) + Array($0.utf8)
        }
        return (model, request, Frame(copying: bytes))
    }

    private func batch(
        _ loaded: LoadedModel, _ request: InferRequest, _ frame: Frame, deadline: ContinuousClock.Instant? = nil,
        reply: @escaping @Sendable (Result<InferenceAnswer, Wire.Failure>) -> Void
    ) throws -> (pending: PendingInference, batch: BatchQueue<PendingInference>.Batch) {
        let pending = try loaded.check(request, [frame], id: nil, deadline: deadline, isSent: true, reply: reply)
        let portion = BatchQueue<PendingInference>.Portion(request: pending, rows: 0..<pending.rows, isLast: true)
        return (pending, .init(key: loaded.key, portions: [portion], capacity: pending.rows))
    }

    /// A batch's turn, whose answers are sent as the server does it.
    private func run(
        _ loaded: LoadedModel, _ batch: BatchQueue<PendingInference>.Batch, now: ContinuousClock.Instant = .now
    ) -> LoadedModel.Turn {
        let turn = loaded.run(batch, queuedRows: 0, now: now)
        for portion in batch.portions { portion.request.send() }
        return turn
    }

    /// A translation has a turn for each token, so that others have theirs in between.
    @Test func aTranslationTakesATurnForEachToken() throws {
        let (model, request, frame) = translator(rows: 2)
        let (store, manifest) = try model.publish()
        let loaded = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: ServingLimits())
        let answers = Mutex<[Result<InferenceAnswer, Wire.Failure>]>([])
        let (_, batch) = try batch(loaded, request, frame) { answer in answers.withLock { $0.append(answer) } }
        var turns = 0
        while !run(loaded, batch).isOver {
            turns += 1
            #expect(answers.withLock { $0.isEmpty })
        }
        // One to begin, and one for each token but the last, which may come early.
        #expect((1...5).contains(turns))
        #expect(try answers.withLock { try $0.map { try $0.get().strings("text").count } } == [2])
        try FileManager.default.removeItem(at: model.folder)
    }

    /// Between two tokens a translation ends that came too late or was taken back, and not at its end.
    @Test(arguments: [true, false]) func aTranslationEndsWhereNobodyWaits(isLate: Bool) throws {
        let (model, request, frame) = translator(rows: 2)
        let (store, manifest) = try model.publish()
        let loaded = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: ServingLimits())
        let answers = Mutex<[Wire.Failure?]>([])
        let start = ContinuousClock.now
        let (pending, batch) = try batch(loaded, request, frame, deadline: start + .seconds(9)) { answer in
            answers.withLock { $0.append(answer.failure) }
        }
        #expect(!run(loaded, batch, now: start).isOver)
        if !isLate { pending.isCancelled.store(true, ordering: .relaxed) }
        let turn = run(loaded, batch, now: start + .seconds(isLate ? 9 : 1))
        #expect(turn.isOver && turn.answered == 0 && turn.expired == (isLate ? 1 : 0))
        #expect(answers.withLock { $0.map(\.?.code) } == [isLate ? .deadlineExceeded : .cancelled])
        try FileManager.default.removeItem(at: model.folder)
    }

    /// A row whose logits are no numbers has no likeliest token.
    @Test func aTranslationOfWhatIsNoNumberIsAnError() throws {
        var (model, request, frame) = translator(rows: 3)
        model.spoilWeights = { weights in for index in 0..<200 { weights[index] = 3e38 } }
        let (store, manifest) = try model.publish()
        let loaded = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: ServingLimits())
        let answers = Mutex<[Wire.Failure?]>([])
        let (_, batch) = try batch(loaded, request, frame) { answer in answers.withLock { $0.append(answer.failure) } }
        while !run(loaded, batch).isOver {}
        let failures = answers.withLock { $0 }
        #expect(failures.map(\.?.code) == [.invalidArgument])
        #expect(failures.first??.message.contains("row 1: the network's result is not finite") == true)
        try FileManager.default.removeItem(at: model.folder)
    }

    /// Of many rows of a large vocabulary only the outputs are kept that were asked for, and never the logits of all of
    /// them: those would be more than any answer may have, and are not needed for the labels.
    @Test func labelsOfManyRowsOfALargeVocabulary() async throws {
        let model = TrainedModel(outputs: 1024, text: TextEncoding(tokenizer: words, use: .continueText, positions: 16))
        var limits = ServingLimits(maximumBatchRows: 64, queueRows: 1024)
        limits.batchBytes = 1 << 20
        limits.outputBytes = 4 << 20
        let (store, manifest) = try model.publish()
        // 64 KiB of logits a row.
        let loaded = try LoadedModel.load(model.key, manifest: manifest, from: store, limits: limits)
        #expect((1...16).contains(loaded.batchRows))
        try await withServer(model, limits: limits) { server in
            let texts = Array(repeating: "the film", count: 512)
            let answer = try await ask(server, model, texts).get()
            #expect(answer.response.outputs.map(\.shape) == [[512, 16]])
            let labels = answer.strings("label")
            #expect((0..<512).allSatisfy { labels[$0 * 16..<$0 * 16 + 16] == labels[..<16] })
            let failure = await ask(server, model, texts, outputs: ["logits"]).failure
            #expect(failure?.message.hasPrefix("output 'logits' would be more than the 4194304 bytes") == true)
        }
    }
}
