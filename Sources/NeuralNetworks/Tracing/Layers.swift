/// Layers one after another, with their parameters, as a property of a `Model`; `nn.Sequential`.
///
/// Any kind of layer of the job file is one here. Shapes follow from the value that it is called on. Its parameters are
/// named after the property, then as in `nn.Sequential`: `left.0.weight`. It is a class because it stands for its
/// parameters: called twice, or held by two properties, it uses the same ones in both places.
///
/// ```swift
/// struct Classifier: Model {
///     let encoder = Layers(.linear(outputs: 32), .relu)
///     let blocks = (0..<2).map { _ in Layers(.linear(outputs: 32), .relu, .dropout(probability: 0.1)) }
///     let head: Layers
///
///     init(classes: Int) {
///         head = Layers(.linear(outputs: classes))
///     }
///
///     func callAsFunction(_ input: Value) -> Value {
///         head(blocks.reduce(encoder(input)) { value, block in value + block(value) })
///     }
/// }
///
/// let network = try Network(Classifier(classes: 3), input: [8], task: .classification)
/// print(network.outputCount)
/// ```
public final class Layers: Sendable {
    public let specifications: [LayerSpecification]

    public init(_ specifications: LayerSpecification...) {
        self.specifications = specifications
    }

    /// The same for layers in a list.
    public init(_ specifications: [LayerSpecification]) {
        self.specifications = specifications
    }

    public func callAsFunction(_ value: Value) -> Value {
        value.trace.call(self, on: value)
    }
}
