import NeuralNetworks
import Tensors
import Testing

/// What holds of the families for sequences, each with every kind of dropout that it has.
struct SequenceFamilyTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let model: ModelSpecification
        /// Of the same module in PyTorch, worked out by hand from the sizes.
        let parameterCount: Int
    }

    static let cases: [Case] = {
        let figures = LayerSpecification.TransformerFigures(width: 8, heads: 2, layers: 2, dropout: 0.3)
        let gpt = LayerSpecification.TransformerFigures(
            width: 8, heads: 2, layers: 2, activation: "gelu_tanh", normFirst: true, dropout: 0.3)
        // Projections, the two linear layers and two normalisations of an encoder's block of width 8.
        let block = (24 * 8 + 24) + (8 * 8 + 8) + (32 * 8 + 32) + (8 * 32 + 8) + 2 * 16
        func model(
            _ family: ModelSpecification.Family, _ input: [Int], _ outputs: Int, _ layers: [LayerSpecification],
            task: ModelSpecification.Task = .classification, bias: Bool = true
        ) -> ModelSpecification {
            ModelSpecification(family: family, task: task, input: input, outputs: outputs, layers: layers, bias: bias)
        }
        return [
            Case(
                testDescription: "rnn, classifier",
                model: model(.rnn, [4, 3], 5, [.rnn(width: 6, isBidirectional: true, isLast: true)]),
                parameterCount: 2 * (6 * 3 + 6 * 6 + 12) + (5 * 12 + 5)),
            Case(
                testDescription: "lstm, forecaster",
                model: model(
                    .lstm, [7, 2], 2, [.lstm(width: 5, layers: 2, dropout: 0.4, isLast: true)], task: .regression),
                parameterCount: (20 * 2 + 20 * 5 + 40) + (20 * 5 + 20 * 5 + 40) + (2 * 5 + 2)),
            Case(
                testDescription: "gru, language model",
                model: model(
                    .gru, [6], 7,
                    LayerSpecification.recurrentNetwork(
                        .gru(width: 5, layers: 2, dropout: 0.4), vocabulary: 7, embedding: 3)),
                parameterCount: 7 * 3 + (15 * 3 + 15 * 5 + 30) + (15 * 5 + 15 * 5 + 30) + (7 * 5 + 7)),
            Case(
                testDescription: "transformer, classifier of tokens with padding",
                model: model(
                    .transformer, [6], 3,
                    LayerSpecification.transformerEncoderNetwork(vocabulary: 7, figures: figures, isPooled: true)),
                parameterCount: 7 * 8 + 2 * block + (3 * 8 + 3)),
            Case(
                testDescription: "transformer, numbers at each position",
                model: model(
                    .transformer, [5, 2], 1,
                    LayerSpecification.transformerEncoderNetwork(vocabulary: nil, figures: figures, isPooled: false),
                    task: .regression),
                parameterCount: (8 * 2 + 8) + 2 * block + (8 + 1)),
            Case(
                testDescription: "transformer, source to target",
                model: model(
                    .transformer, [7], 7,
                    LayerSpecification.transformerNetwork(
                        vocabulary: 7, source: 4, decoderLayers: 1, figures: figures)),
                // A decoder's block has an attention and a normalisation more; encoder and decoder end with one.
                parameterCount: 7 * 8 + 2 * block + (block + 216 + 72 + 16) + 2 * 16 + (7 * 8 + 7)),
            Case(
                testDescription: "gpt",
                model: model(
                    .gpt, [6], 7, LayerSpecification.gpt(vocabulary: 7, positions: 6, figures: gpt), bias: false),
                parameterCount: 7 * 8 + 6 * 8 + 2 * block + 16 + 7 * 8),
            Case(
                testDescription: "gpt, rotary and tied",
                model: model(
                    .gpt, [6], 7,
                    LayerSpecification.gpt(
                        vocabulary: 7, positions: 6, figures: gpt, isRotary: true, isTied: true), bias: false),
                parameterCount: 7 * 8 + 2 * block + 16),
        ]
    }()

    @Test(arguments: cases)
    func parametersAreAsMany(_ subject: Case) throws {
        #expect(try Network(subject.model).layout.parameterCount == subject.parameterCount)
    }

    /// What a row gets does not depend on which rows come with it: neither its dropout nor its padding.
    @Test(arguments: cases)
    func gradientsOfSlicesAddUpToThoseOfTheBatch(_ subject: Case) throws {
        let network = try Network(subject.model)
        let bench = GradientSlices(network, rows: 5, vocabulary: 7)
        let whole = bench.gradient(0..<5)
        let parts = zip(bench.gradient(0..<2), bench.gradient(2..<5)).map(+)
        let largest = whole.map(abs).max() ?? 0
        #expect(largest > 0)
        #expect(zip(whole, parts).allSatisfy { abs($0 - $1) < 1e-5 * largest })
    }

    /// The logits of a language model depend on the tokens up to their position only.
    @Test(arguments: cases.filter { $0.model.family == .gpt })
    func aLanguageModelLooksBackOnly(_ subject: Case) throws {
        let network = try Network(subject.model)
        let parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 2)
        let executor = InferenceExecutor(network: network, maximumRows: 2)
        // The same row twice: which instructions a row is computed with may depend on its place in the batch.
        func outputs(_ tokens: [Float]) -> [Float] {
            var outputs = [Float](repeating: 0, count: 2 * network.outputCount)
            executor.run(inputs: tokens + tokens, rows: 2, parameters: parameters.pointer, outputs: &outputs)
            return outputs
        }
        let (first, second) = (outputs([1, 2, 3, 4, 5, 6]), outputs([1, 2, 3, 0, 1, -1]))
        #expect(first.prefix(3 * 7).elementsEqual(second.prefix(3 * 7)))
        #expect(!first.dropFirst(3 * 7).prefix(7).elementsEqual(second.dropFirst(3 * 7).prefix(7)))
    }
}

/// Gradients of some rows of a made-up batch.
struct GradientSlices {
    let network: Network
    private let executor: TrainingExecutor
    private let loss: Loss
    private let parameters: FloatBuffer
    private let inputs: [Float]
    private let targets: [Float]
    private let targetCount: Int

    init(_ network: Network, rows: Int, vocabulary: Int) {
        self.network = network
        let specification = network.specification
        loss = Loss(for: specification.task)
        executor = TrainingExecutor(network: network, loss: loss, maximumRows: rows)
        parameters = FloatBuffer(count: network.layout.count)
        network.initialize(parameters.pointer, seed: 3)
        let isTokens = specification.input.count == 1
        // Some of the tokens are padding.
        inputs = (0..<rows * network.inputCount).map { index in
            let token = index * 5 % (vocabulary + 1)
            return isTokens ? Float(token) - 1 : Float(token) / Float(vocabulary) - 0.5
        }
        targetCount = specification.task == .regression ? network.outputCount : network.outputPositions
        targets = (0..<rows * targetCount).map { Float($0 % specification.outputs) }
    }

    func gradient(_ rows: Range<Int>) -> [Float] {
        let gradients = FloatBuffer(count: network.layout.count)
        _ = inputs.withUnsafeBufferPointer { inputs in
            targets.withUnsafeBufferPointer { targets in
                executor.gradient(
                    inputs: inputs.baseAddress! + rows.lowerBound * network.inputCount,
                    targets: targets.baseAddress! + rows.lowerBound * targetCount, rows: rows.count,
                    parameters: parameters.pointer, gradients: gradients.pointer, scale: 1,
                    randomness: StepRandomness(seed: 5, step: 2, firstRow: rows.lowerBound))
            }
        }
        return (0..<gradients.count).map { gradients.pointer[$0] }
    }
}
