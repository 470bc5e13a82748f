public import Tensors

/// A network layer by layer, told without running it: shapes, parameters, arithmetic.
public struct NetworkOutline: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// Such as `layers[2]`; `head` for the layer behind them all.
        public var path: String
        /// Such as `conv2d`.
        public var kind: String
        /// Shape of one row of its result.
        public var shape: [Int]
        /// Numbers that are learned.
        public var parameters: Int
        /// Of one row.
        public var work: Work
    }

    /// Shape of one row of input.
    public var input: [Int]
    /// The outermost layers in order; what a container holds counts for the container.
    public var entries: [Entry]

    public var parameters: Int { entries.reduce(0) { $0 + $1.parameters } }
    /// Of one row.
    public var work: Work { entries.reduce(Work(forward: 0, backward: 0)) { $0 + $1.work } }
}

extension Network {
    /// Throws what is wrong with the first layer that does not fit.
    ///
    /// Builds one network for every layer and compares neighbours, so that no layer has to describe itself twice.
    public static func outline(of specification: ModelSpecification) throws(NetworkError) -> NetworkOutline {
        let layers = try layers(of: specification)
        var outline = NetworkOutline(input: specification.input, entries: [])
        var parameters = 0
        var work = Work(forward: 0, backward: 0)
        for (index, entry) in layers.enumerated() {
            var builder = NetworkBuilder(input: Shape(specification.input), frozen: FreezePatterns(patterns: []))
            try builder.add(Array(layers[...index]))
            let graph = builder.build()
            let count = graph.layout.entries.reduce(0) { $0 + $1.count }
            outline.entries.append(
                NetworkOutline.Entry(
                    path: entry.position.listPath, kind: type(of: entry.layer).kind,
                    shape: graph.outputShape.dimensions, parameters: count - parameters,
                    work: Work(
                        forward: graph.work.forward - work.forward, backward: graph.work.backward - work.backward)))
            parameters = count
            work = graph.work
        }
        return outline
    }

    /// Bytes that training on up to so many rows at once keeps for values, their gradients and scratch space.
    public func trainingBytes(maximumRows: Int) -> Int {
        graph.memoryBytes(maximumRows: maximumRows, purpose: .training)
    }
}

extension LayerPosition {
    fileprivate var listPath: String {
        switch self {
        case .layer(let path, _): path
        case .head: "head"
        }
    }
}
