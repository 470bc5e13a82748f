import Tensors

/// Builds the graph of a network layer by layer.
struct NetworkBuilder: ~Copyable {
    private var graph: GraphBuilder
    /// What the layers so far give. Layers with branches set it back to where a branch begins.
    var value: Graph.Value
    /// The token ids that the layers so far have made into vectors, one for each position; nil if there are none.
    var tokens: Graph.Value?
    /// The table of the embedding layer, and its vocabulary and width.
    var embeddingTable: (parameter: Graph.Parameter, vocabulary: Int, width: Int)?
    /// Begins the names of parameters inside a container, such as `3.layers.`; empty outside of containers.
    private var scope = ""
    /// Parameters of the layers of a model, by name: layers that are called again use them again.
    private var shared: [String: Graph.Parameter]?
    /// Index of the layer in its list; goes on the scope in the names of its parameters.
    private var index = 0
    /// Names the layer in errors.
    private(set) var position = LayerPosition.head
    /// An activation that directly follows the layer and may be fused with it.
    private var followingActivation: Activation?
    private var hasTakenActivation = false
    private var randomStreams: UInt32 = 0
    /// By positions and the width of a head: layers that turn queries and keys alike share one table.
    private var rotaryTables: [[Int]: PositionTable] = [:]
    private let frozen: NamePatterns
    /// Of layers that do not say how their weights start.
    let initialization: WeightInitialization
    private(set) var trace: [LayerTrace] = []
    private var depth = 0

    init(input: Shape, frozen: NamePatterns, initialization: WeightInitialization) {
        self.frozen = frozen
        self.initialization = initialization
        graph = GraphBuilder(input: input)
        value = graph.input
    }

    /// Shape of a row at this place.
    var shape: Shape { value.shape }

    /// Whether no layer has made anything of the network's input yet.
    var isInput: Bool { value == graph.input }

    /// A number for a user of random numbers that no other has; the starting values of parameters have theirs below.
    mutating func takeRandomStream() -> UInt32 {
        defer { randomStreams += 1 }
        return 1 << 31 | randomStreams
    }

    /// The cosines and sines of positions; see `RotaryPositions`.
    mutating func rotaryTable(positions: Int, headWidth: Int) -> PositionTable {
        let key = [positions, headWidth]
        let table = rotaryTables[key] ?? RotaryPositions.table(positions: positions, headWidth: headWidth)
        rotaryTables[key] = table
        return table
    }

    /// Adds the layers one after another.
    mutating func add(_ layers: [(layer: any Layer, position: LayerPosition)]) throws(NetworkError) {
        for (place, entry) in layers.enumerated() {
            let before = (totals: graph.totals, trace: trace.count)
            let isFused = hasTakenActivation
            position = entry.position
            hasTakenActivation = false
            if !isFused {
                followingActivation = place + 1 < layers.count ? layers[place + 1].layer.activation : nil
                try entry.layer.build(into: &self)
            }
            let cost = graph.totals - before.totals
            trace.insert(
                LayerTrace(
                    path: position.entry, kind: type(of: entry.layer).kind, depth: depth,
                    outputShape: shape.dimensions, parameterCount: cost.parameters, work: cost.work,
                    activationBytes: cost.kept * MemoryLayout<Float>.stride, isFused: isFused),
                at: before.trace)
            index += 1
        }
    }

    /// Adds the content of a container one after another, behind `value`.
    ///
    /// - Parameters:
    ///   - setting: of the container; names the layers in errors.
    ///   - name: of the child of the equivalent module that holds them; nil: the container itself holds them.
    mutating func add(
        _ layers: [LayerSpecification], from setting: String, named name: String?
    ) throws(NetworkError) {
        let outer = (scope, index, position, followingActivation)
        let children = try layers.placed(at: "\(position.path).\(setting)")
        scope += "\(index)." + (name.map { "\($0)." } ?? "")
        index = 0
        depth += 1
        try add(children)
        depth -= 1
        (scope, index, position, followingActivation) = outer
    }

    /// Adds the layers of a model's property behind a value. Those that were added before share their parameters.
    mutating func add(
        _ layers: [LayerSpecification], of property: String, to value: Graph.Value
    ) throws(NetworkError) {
        shared = shared ?? [:]
        self.value = value
        scope = "\(property)."
        index = 0
        followingActivation = nil
        try add(try layers.placed(at: property))
    }

    /// The activation behind this layer, which the caller then has to apply; identity if there is none.
    mutating func takeFollowingActivation() -> Activation {
        hasTakenActivation = followingActivation != nil
        return followingActivation ?? .identity
    }

    /// Declares a parameter of this layer. `name` is that of the equivalent module, such as `weight`.
    mutating func parameter(_ name: String, shape: Shape, initialization: Initialization) -> Graph.Parameter {
        let name = self.name(of: name)
        if let known = shared?[name] { return known }
        let parameter = graph.parameter(
            name, shape: shape, initialization: initialization, isFrozen: frozen.match(name))
        shared?[name] = parameter
        return parameter
    }

    /// Declares averages over batches of this layer, and last their number; see `GraphBuilder.runningStatistics`. All
    /// are frozen if one of them is.
    mutating func runningStatistics(
        _ averages: [(name: String, shape: Shape, start: Float)], batches: String, momentum: Float
    ) -> [Graph.Parameter] {
        let averages = averages.map { (name(of: $0.name), $0.shape, $0.start) }
        let batches = name(of: batches)
        let names = averages.map(\.0) + [batches]
        // Used twice they move by the mean of what both places measure: gradients of one parameter add up.
        if let known = shared?[batches] { return names.dropLast().compactMap { shared?[$0] } + [known] }
        let isFrozen = names.contains { frozen.match($0) }
        let parameters = graph.runningStatistics(averages, batches: batches, momentum: momentum, isFrozen: isFrozen)
        for (name, parameter) in zip(names, parameters) { shared?[name] = parameter }
        return parameters
    }

    private func name(of parameter: String) -> String { "\(scope)\(index).\(parameter)" }

    /// Goes on with the result of an operation on these values, by default on what the layers so far give.
    mutating func apply(
        _ operation: some Operation, to inputs: [Graph.Value]? = nil, parameters: [Graph.Parameter] = []
    ) {
        value = graph.apply(operation, to: inputs ?? [value], parameters: parameters)
    }

    /// Goes on with the result of an operation with parameters: those that it asks for get the first names.
    mutating func apply(_ operation: some Operation, named names: [String], initialization: Initialization) {
        apply(operation, named: names, initializations: names.map { _ in initialization })
    }

    /// The same where each of them starts in its own way.
    mutating func apply(_ operation: some Operation, named names: [String], initializations: [Initialization]) {
        var parameters: [Graph.Parameter] = []
        for (index, shape) in operation.parameterShapes.enumerated() {
            parameters.append(parameter(names[index], shape: shape, initialization: initializations[index]))
        }
        apply(operation, parameters: parameters)
    }

    consuming func build() -> Graph {
        graph.build(output: value)
    }
}

extension [LayerSpecification] {
    /// The layers, each with its position in the list at `path`.
    func placed(at path: String) throws(NetworkError) -> [(layer: any Layer, position: LayerPosition)] {
        var layers: [(layer: any Layer, position: LayerPosition)] = []
        for (index, entry) in enumerated() {
            let position = LayerPosition.layer(path: "\(path)[\(index)]", kind: entry.kind)
            layers.append((try entry.layer(at: position), position))
        }
        return layers
    }
}
