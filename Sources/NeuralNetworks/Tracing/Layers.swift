/// Layers one after another, with their parameters, as a property of a `Model`; `nn.Sequential`.
///
/// Any kind of layer of the job file is one here. Shapes follow from the value that it is called on. Its parameters are
/// named after the property, then as in `nn.Sequential`: `left.0.weight`. It is a class because it stands for its
/// parameters: called twice, or held by two properties, it uses the same ones in both places.
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
