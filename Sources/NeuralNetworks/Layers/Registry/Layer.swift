import Tensors

/// One kind of layer: what it is called, which settings it has, and how it is built.
///
/// To add a kind: a file with a type of this protocol, its test, and its line in `LayerRegistry`. The job file's parser,
/// its reference of layers, the checks of settings and of jobs and the choice of activations all come from the
/// declarations here; see docs/adding-a-layer.md.
protocol Layer: Sendable {
    /// Its name in job files, model specifications and errors, such as `conv2d`.
    static var kind: String { get }
    /// Other names that job files may use.
    static var aliases: [String] { get }
    /// One line for the reference: what it computes, and its PyTorch equivalent.
    static var summary: String { get }
    /// What it does to the numbers that go through it.
    static var role: LayerRole { get }
    /// In the order in which the reference lists them.
    static var settings: [LayerSetting] { get }

    /// From settings that are complete and each of its form. Throws what is wrong about them together.
    init(_ settings: LayerSettings) throws(NetworkError)

    /// An element-wise function that the layer before may apply in its place, in the same pass over memory; nil if it
    /// has to be built.
    var activation: Activation? { get }

    /// Checks that the layer fits behind those that are there, and adds its operations.
    func build(into network: inout NetworkBuilder) throws(NetworkError)
}

extension Layer {
    static var aliases: [String] { [] }
    static var role: LayerRole { .other }
    static var settings: [LayerSetting] { [] }
    var activation: Activation? { nil }
}
