public import Tensors

/// A network of a specification: its graph, the layout of its parameters and how they start.
///
/// It is the layers of the specification in order, then the head, a linear layer on the last dimension that gives the
/// logits or predictions; the family `sequential` has no head of its own. Parameters are named as in the equivalent
/// `torch.nn.Sequential(*layers, head)`: the layer's index in it, then `weight` or `bias`, or for containers first the
/// name of the child and the index there, such as `3.layers.0.weight`. A network of the families linear, logistic and mlp whose input has more than one dimension
/// begins with a flatten layer of its own, which counts as index 0.
public final class Network: Sendable {
    public let specification: ModelSpecification
    /// Where each parameter lies in the flat buffers.
    public let layout: ParameterLayout
    /// Floats of one row of input.
    public let inputCount: Int
    /// Floats of one row of output: logits or predictions.
    public let outputCount: Int
    /// Predictions of one row: 1, or one for each position of a sequence. Each has `specification.outputs` floats.
    public let outputPositions: Int
    /// The parts of the flat buffers that an optimizer works on, in order: all but frozen parameters and running
    /// statistics. Norms and clipping of gradients are over these; the gradients of frozen parameters are zero.
    public let learnedRanges: [Range<Int>]
    /// The layers in order, with what they cost.
    public let trace: [LayerTrace]
    let graph: Graph

    /// Throws what is wrong with the first layer that does not fit.
    public convenience init(_ specification: ModelSpecification) throws(NetworkError) {
        let input = try Self.checkedInput(specification.input)
        try Self.check(specification.outputs, for: specification.task)
        var builder = NetworkBuilder(
            input: input, frozen: NamePatterns(patterns: specification.freeze),
            initialization: specification.initialization)
        try builder.add(Self.layers(of: specification))
        guard builder.shape.dimensions.last == specification.outputs else {
            throw .unfitResult(outputs: specification.outputs, actual: builder.shape.dimensions)
        }
        let trace = builder.trace
        try self.init(specification, graph: builder.build(), trace: trace)
    }

    /// A graph that was built already.
    init(_ specification: ModelSpecification, graph: Graph, trace: [LayerTrace]) throws(NetworkError) {
        self.specification = specification
        self.graph = graph
        self.trace = trace
        layout = graph.layout
        guard layout.parameterCount > 0 else { throw .nothingToLearn }
        for pattern in specification.freeze
        where !layout.entries.contains(where: { NamePatterns.matches(pattern, $0.name) }) {
            throw .nothingToFreeze(pattern: pattern, names: layout.entries.map(\.name))
        }
        learnedRanges = Self.learnedRanges(of: graph, frozen: NamePatterns(patterns: specification.freeze))
        inputCount = graph.inputShape.count
        outputCount = graph.outputShape.count
        outputPositions = outputCount / specification.outputs
    }

    /// The layers that normalise by the rows at hand while training.
    public var batchStatistics: [BatchStatistics] { graph.batchStatistics }

    /// Fills the flat parameters with starting values of PyTorch's default distributions, the same for the same seed on
    /// every machine, and the padding with zeroes.
    public func initialize(_ parameters: UnsafeMutablePointer<Float>, seed: UInt64) {
        graph.initialize(parameters, seed: seed)
    }

    private static func layers(
        of specification: ModelSpecification
    ) throws(NetworkError) -> [(layer: any Layer, position: LayerPosition)] {
        var layers: [(layer: any Layer, position: LayerPosition)] = []
        switch specification.family {
        case .linear, .logistic:
            guard specification.layers.isEmpty else {
                throw .unexpectedLayers(family: specification.family, count: specification.layers.count)
            }
            fallthrough
        case .mlp:
            if specification.input.count > 1 {
                layers.append((try LayerSpecification.flatten.layer(at: .head), .head))
            }
        case .cnn, .resNetSmall, .rnn, .lstm, .gru, .transformer, .gpt, .sequential:
            break
        }
        layers += try specification.layers.placed(at: "layers")
        // Tied to the embeddings, the last of the layers is the head.
        guard specification.family != .sequential, specification.layers.last != .tiedLinear else { return layers }
        let head = LayerSpecification.linear(outputs: specification.outputs, bias: specification.bias)
        layers.append((try head.layer(at: .head), .head))
        return layers
    }

    static func checkedInput(_ shape: [Int]) throws(NetworkError) -> Shape {
        guard hasFormOfInput(shape), shape.reduce(1, *) <= Int(Int32.max) else { throw .invalidInput(shape: shape) }
        return Shape(shape)
    }

    /// Whether it has one to three sides, none too small or too large: so few that their product is an `Int`.
    static func hasFormOfInput(_ shape: [Int]) -> Bool {
        (1...3).contains(shape.count) && shape.allSatisfy { (1...LayerSetting.largestSide).contains($0) }
    }

    static func check(_ outputs: Int, for task: ModelSpecification.Task) throws(NetworkError) {
        switch task {
        case .binary:
            guard outputs == 1 else {
                throw .invalidOutputs(task: .binary, expected: "1 output, the logit of class 1", actual: outputs)
            }
        case .classification:
            guard outputs >= 2 else {
                throw .invalidOutputs(
                    task: .classification, expected: "an output for each of at least 2 classes", actual: outputs)
            }
        case .regression:
            guard outputs >= 1 else {
                throw .invalidOutputs(task: .regression, expected: "at least 1 output", actual: outputs)
            }
        }
    }
}
