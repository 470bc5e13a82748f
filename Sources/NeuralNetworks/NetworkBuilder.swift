import Tensors

/// Builds the graph of a network layer by layer.
struct NetworkBuilder: ~Copyable {
    /// Largest width, number of channels, kernel or stride.
    static let largestSide = 1 << 20

    private var graph: GraphBuilder
    private var value: Graph.Value
    /// Index in the equivalent `torch.nn.Sequential`; begins the names of the layer's parameters.
    private var index = 0
    /// Names the layer in errors.
    private(set) var position = LayerPosition.head
    /// An activation that directly follows the layer and may be fused with it.
    private var followingActivation: Activation?
    private var hasTakenActivation = false

    init(input: Shape) {
        graph = GraphBuilder(input: input)
        value = graph.input
    }

    /// Shape of a row at this place.
    var shape: Shape { value.shape }

    /// Numbers the users of random numbers; the starting values of parameters have their own numbers below this.
    var randomStream: UInt32 { 1 << 31 | UInt32(index) }

    /// Adds the layers one after another.
    mutating func add(_ layers: [(layer: any Layer, position: LayerPosition)]) throws(NetworkError) {
        for (place, entry) in layers.enumerated() {
            if hasTakenActivation {
                hasTakenActivation = false
            } else {
                position = entry.position
                followingActivation = place + 1 < layers.count ? layers[place + 1].layer.activation : nil
                try entry.layer.build(into: &self)
            }
            index += 1
        }
    }

    /// The activation behind this layer, which the caller then has to apply; identity if there is none.
    mutating func takeFollowingActivation() -> Activation {
        hasTakenActivation = followingActivation != nil
        return followingActivation ?? .identity
    }

    mutating func apply(_ operation: some Operation) {
        value = graph.apply(operation, to: value)
    }

    /// Applies an operation with parameters: those that it asks for get the first names.
    mutating func apply(_ operation: some Operation, named names: [String], initialization: Initialization) {
        var parameters: [Graph.Parameter] = []
        for (name, shape) in zip(names, operation.parameterShapes) {
            parameters.append(graph.parameter("\(index).\(name)", shape: shape, initialization: initialization))
        }
        value = graph.apply(operation, to: value, parameters: parameters)
    }

    consuming func build() -> Graph {
        graph.build(output: value)
    }
}
