import NeuralNetworks
import Tensors
import Testing

struct GenerationTests {
    @Test func greedyTakesTheLargestLogitAndTheFirstOfEqualOnes() {
        let logits: [Float] = [0, 3, -1, 3]
        logits.withUnsafeBufferPointer { #expect(TokenSampling.greedy.token(logits: $0, index: 0) == 1) }
    }

    /// What is no number is not the likeliest, and neither is anything beside it.
    @Test(arguments: [Float.nan, .infinity, -.infinity]) func noTokenIsLikelierThanWhatIsNoNumber(value: Float) {
        for sampling in [TokenSampling.greedy, TokenSampling(topK: 1), TokenSampling()] {
            for place in 0..<3 {
                var logits: [Float] = [1, 2, 3]
                logits[place] = value
                logits.withUnsafeBufferPointer { #expect(sampling.token(logits: $0, index: 0) == nil) }
            }
        }
        [Float]().withUnsafeBufferPointer { #expect(TokenSampling.greedy.token(logits: $0, index: 0) == nil) }
    }

    /// The likeliest tokens are the same whether they are found or all are sorted, equal ones too.
    @Test(arguments: [1, 2, 7, 299, 300, 5000]) func theLikeliestTokensAreThoseOfTheWholeOrder(count: Int) {
        var drawn = [Float](repeating: 0, count: 300)
        RandomStream(seed: 8, stream: 0).fill(&drawn, count: 300, low: -9, high: 9)
        let logits = drawn.map { $0.rounded() }
        let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
        let likeliest = Set(order.prefix(count))
        // So hot that each of the likeliest comes about as often as another.
        let sampling = TokenSampling(temperature: 1e6, topK: count, seed: 4)
        let tokens = logits.withUnsafeBufferPointer { logits in
            (0..<3000).map { sampling.token(logits: logits, index: $0) }
        }
        #expect(tokens.allSatisfy { $0.map(likeliest.contains) ?? false })
        if count <= 7 { #expect(Set(tokens) == Set(likeliest.map(Optional.some))) }
    }

    @Test func samplesFollowTheProbabilitiesOfTheLikeliestTokens() {
        let logits: [Float] = [1, 0, 2, -5]
        let sampling = TokenSampling(temperature: 0.5, topK: 2, seed: 3)
        let drawn = logits.withUnsafeBufferPointer { logits in
            (0..<4000).map { sampling.token(logits: logits, index: $0) }
        }
        #expect(Set(drawn) == [0, 2])
        // softmax([1, 2] / 0.5) = [0.1192, 0.8808]
        #expect(abs(Double(drawn.count { $0 == 2 }) / 4000 - 0.8808) < 0.02)
        logits.withUnsafeBufferPointer { logits in
            #expect((0..<4000).map { sampling.token(logits: logits, index: $0) } == drawn)
        }
    }

    /// A language model of two layers learns to count in a circle, and goes on counting, behind its window too.
    @Test(arguments: [false, true])
    func aLanguageModelWritesWhatItLearned(_ isRotary: Bool) throws {
        let figures = LayerSpecification.TransformerFigures(
            width: 16, heads: 2, layers: 2, activation: "gelu_tanh", normFirst: true, dropout: 0)
        let network = try Network(
            ModelSpecification(
                family: .gpt, task: .classification, input: [8], outputs: 5,
                layers: LayerSpecification.gpt(
                    vocabulary: 5, positions: 8, figures: figures, isRotary: isRotary, isTied: isRotary),
                bias: false, initialization: WeightInitialization(.normal)))
        let texts = (0..<5).map { start in (0..<9).map { Float((start + $0) % 5) } }
        let parameters = try Learner.parameters(
            of: network, inputs: texts.flatMap { $0.dropLast() }, targets: texts.flatMap { $0.dropFirst() }, rows: 5,
            steps: 150, rate: 0.01)
        let generator = try #require(TextGenerator(network: network))
        let text = try generator.generate(after: [3], count: 12, parameters: parameters.pointer, sampling: .greedy)
        #expect(text == (3...15).map { $0 % 5 })
        let ended = try generator.generate(
            after: [3], count: 12, parameters: parameters.pointer, sampling: .greedy, end: 0)
        #expect(ended == [3, 4, 0])
        parameters.pointer.update(repeating: .nan, count: parameters.count)
        #expect(throws: UnsoundLogits(position: 2)) {
            try generator.generate(after: [3, 4], count: 12, parameters: parameters.pointer, sampling: .greedy)
        }
    }

    /// A network that ends in a softmax says the same as its logits would.
    @Test func probabilitiesAreDrawnFromAsTheyAre() throws {
        func text(_ last: [LayerSpecification], _ meaning: OutputMeaning) throws -> [Int] {
            let network = try Network(
                ModelSpecification(
                    family: .sequential, task: .classification, input: [4], outputs: 5,
                    layers: [.embedding(vocabulary: 5, width: 8), .linear(outputs: 5)] + last))
            let parameters = FloatBuffer(count: network.layout.count)
            network.initialize(parameters.pointer, seed: 3)
            let generator = try #require(TextGenerator(network: network, meaning: meaning))
            return generator.generate(
                after: [1], count: 200, parameters: parameters.pointer,
                sampling: TokenSampling(temperature: 0.3, seed: 5))
        }
        let logits = try text([], .logits)
        #expect(try text([.softmax], .probabilities) == logits)
        #expect(try text([.softmax], .logits) != logits)
    }

    /// A tiny encoder-decoder learns to reverse, and does so with sources that it has never seen.
    @Test func anEncoderDecoderLearnsToReverse() throws {
        let (start, end, length) = (8, 9, 4)
        let figures = LayerSpecification.TransformerFigures(width: 32, heads: 4, layers: 1, dropout: 0)
        let network = try Network(
            ModelSpecification(
                family: .transformer, task: .classification, input: [length + length + 1], outputs: 10,
                layers: LayerSpecification.transformerNetwork(
                    vocabulary: 10, source: length, decoderLayers: 1, figures: figures)))
        var drawn = [Float](repeating: 0, count: 640 * length)
        RandomStream(seed: 4, stream: 0).fill(&drawn, count: drawn.count, low: 0, high: 8)
        let sources = (0..<640).map { row in (0..<length).map { Int(drawn[row * length + $0]) } }
        let learned = sources.dropLast(40)
        let inputs = learned.flatMap { source in source + [start] + source.reversed() }
        let targets = learned.flatMap { source in source.reversed() + [end] }
        let parameters = try Learner.parameters(
            of: network, inputs: inputs.map(Float.init), targets: targets.map(Float.init), rows: 600, batch: 60,
            steps: 600, rate: 0.003)
        let decoder = try #require(SequenceDecoder(network: network, start: start, end: end, maximumRows: 40))
        let unseen = Array(sources.suffix(40))
        let decoded = decoder.decode(unseen, parameters: parameters.pointer)
        let exact = zip(decoded, unseen).count { $0 == $1.reversed() }
        #expect(exact >= 38, "\(exact) of 40")

        // Step by step, and without those that nobody wants any more.
        decoder.begin(unseen)
        #expect(decoder.step(parameters: parameters.pointer))
        decoder.stop(0..<39)
        while decoder.step(parameters: parameters.pointer) {}
        #expect(decoder.targets[39] == decoded[39])
        #expect(decoder.targets[0].count == 1 && decoder.state(of: 0) == .stopped)
        #expect(decoder.state(of: 39) == .complete)
        decoder.stop(0..<40)
        #expect(!decoder.step(parameters: parameters.pointer))

        let spoilt = FloatBuffer(count: network.layout.count)
        spoilt.pointer.update(repeating: .nan, count: spoilt.count)
        #expect(decoder.decode([[1, 2]], parameters: spoilt.pointer) == [nil])
        #expect(decoder.state(of: 0) == .unsound)
    }
}

/// Trains a network on a few rows.
enum Learner {
    static func parameters(
        of network: Network, inputs: [Float], targets: [Float], rows: Int, batch: Int? = nil, steps: Int, rate: Double
    ) throws -> FloatBuffer {
        let batch = batch ?? rows
        let parameters = FloatBuffer(count: network.layout.count)
        let gradients = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 1)
        let executor = TrainingExecutor(network: network, loss: .crossEntropyOnLogits, maximumRows: batch)
        let optimizer = Optimizer(
            OptimizerSpecification(name: .adam, learningRate: rate), layout: network.layout)
        for step in 1...steps {
            let first = (step - 1) * batch % rows
            _ = inputs.withUnsafeBufferPointer { inputs in
                targets.withUnsafeBufferPointer { targets in
                    executor.gradient(
                        inputs: inputs.baseAddress! + first * network.inputCount,
                        targets: targets.baseAddress! + first * network.outputPositions, rows: batch,
                        parameters: parameters.pointer, gradients: gradients.pointer,
                        scale: 1 / Float(batch * network.outputPositions),
                        randomness: StepRandomness(seed: 1, step: step, firstRow: 0))
                }
            }
            optimizer.update(
                parameters: parameters.pointer, gradients: gradients.pointer, range: 0..<network.layout.count,
                step: Optimizer.Step(number: step, learningRate: rate))
        }
        return parameters
    }
}
