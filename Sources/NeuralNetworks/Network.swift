public import Tensors

/// A network of a specification: its graph, the layout of its parameters and how they start.
///
/// It is the layers of the specification in order, then the head, a linear layer that gives the logits or predictions.
/// Parameters are named as in the equivalent `torch.nn.Sequential(*layers, head)`: the layer's index in it, then
/// `weight` or `bias`. A network of the families linear, logistic and mlp whose input has more than one dimension
/// begins with a flatten layer of its own, which counts as index 0.
public final class Network: Sendable {
    public let specification: ModelSpecification
    /// Where each parameter lies in the flat buffers.
    public let layout: ParameterLayout
    /// Floats of one row of input.
    public let inputCount: Int
    /// Floats of one row of output: logits or predictions.
    public let outputCount: Int
    let graph: Graph

    /// Throws what is wrong with the first layer that does not fit.
    public init(_ specification: ModelSpecification) throws(NetworkError) {
        let input = try Self.checkedInput(specification.input)
        try Self.checkOutputs(of: specification)
        var builder = NetworkBuilder(input: input)
        try builder.add(Self.layers(of: specification))
        self.specification = specification
        graph = builder.build()
        layout = graph.layout
        inputCount = graph.inputShape.count
        outputCount = graph.outputShape.count
    }

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
            if specification.input.count > 1 { layers.append((FlattenLayer(), .head)) }
        case .cnn:
            break
        }
        for (index, entry) in specification.layers.enumerated() {
            let layer = entry.layer
            layers.append((layer, .layer(index, kind: layer.kind)))
        }
        layers.append((LinearLayer(outputs: specification.outputs, hasBias: specification.bias), .head))
        return layers
    }

    private static func checkedInput(_ shape: [Int]) throws(NetworkError) -> Shape {
        guard shape.count == 1 || shape.count == 3, shape.allSatisfy({ (1...NetworkBuilder.largestSide).contains($0) }),
            shape.map(Double.init).reduce(1, *) <= Double(Int32.max)
        else { throw .invalidInput(shape: shape) }
        return Shape(shape)
    }

    private static func checkOutputs(of specification: ModelSpecification) throws(NetworkError) {
        let outputs = specification.outputs
        switch specification.task {
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
