/// A network as Swift code, for what is no list of layers: a struct whose properties are `Layers`, or structs and
/// arrays of them, and a function that applies them.
///
/// The function is called once, with symbolic values, before anything runs: what it does to them becomes the graph that
/// is trained. So its loops and conditions may depend on the model and on shapes, never on data.
///
/// ```swift
/// struct Towers: Model {
///     let left = Layers(.linear(outputs: 8), .tanh)
///     let right = Layers(.linear(outputs: 8), .tanh)
///     let head = Layers(.linear(outputs: 1))
///
///     func callAsFunction(_ input: Value) -> Value {
///         let parts = input.split(2, 3)
///         return head(left(parts[0]) * right(parts[1]))
///     }
/// }
///
/// let network = try Network(Towers(), input: [5], task: .regression)
/// print(network.inputCount, network.outputCount)
/// ```
public protocol Model {
    /// What the model makes of one row of input.
    func callAsFunction(_ input: Value) -> Value
}
