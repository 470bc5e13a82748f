import Tensors

/// Multi-head attention with its projections; `nn.MultiheadAttention` with `batch_first`.
struct AttentionBlock {
    static let headsAllowed = 1...4096

    let heads: Int
    /// Of the attention weights.
    let dropout: Float
    /// Whether queries and keys are turned by their positions.
    let isRotary: Bool
    /// Whether the result's projection starts with Xavier's distribution, as within `nn.Transformer`, or with that of a
    /// linear layer, as elsewhere.
    let startsWithXavier: Bool

    init(heads: Int, dropout: Float, isRotary: Bool = false, startsWithXavier: Bool = false) {
        self.heads = heads
        self.dropout = dropout
        self.isRotary = isRotary
        self.startsWithXavier = startsWithXavier
    }

    /// Goes on with what the current sequence finds in itself.
    ///
    /// - Parameters:
    ///   - name: goes before the names of the parameters.
    ///   - ids: of the positions, where padding is to be left out.
    func buildSelf(
        into network: inout NetworkBuilder, named name: String, mask: AttentionMask, ids: Graph.Value?
    ) throws(NetworkError) {
        let (positions, width) = try network.sequence()
        let headWidth = try headWidth(in: network, width: width)
        try network.checkSize([positions, 3 * width])
        let projection = Linear(network.shape, outputs: 3 * width)
        network.apply(projection, parameters: inputParameters(of: &network, name, width))
        if isRotary {
            guard headWidth.isMultiple(of: 2) else {
                throw .invalidLayer(
                    network.position, name: "rotary", expected: "false for heads of odd width", actual: "true")
            }
            let table = network.rotaryTable(positions: positions, headWidth: headWidth)
            network.apply(RotaryPositions(network.shape, heads: 2 * heads, headWidth: headWidth, table: table))
        }
        let attention = Attention(
            positions: positions, heads: heads, headWidth: headWidth, mask: mask, hasPadding: ids != nil,
            dropout: dropout, stream: dropout > 0 ? network.takeRandomStream() : 0)
        network.apply(attention, to: [network.value] + (ids.map { [$0] } ?? []))
        buildOutput(into: &network, named: name, width: width)
    }

    /// Goes on with what the current sequence finds in another one of the same width.
    func buildCross(
        into network: inout NetworkBuilder, named name: String, memory: Graph.Value, mask: AttentionMask,
        ids: Graph.Value?
    ) throws(NetworkError) {
        let (positions, width) = try network.sequence()
        let headWidth = try headWidth(in: network, width: width)
        let keys = memory.shape.dimensions[0]
        try network.checkSize([keys, 2 * width])
        let parameters = inputParameters(of: &network, name, width)
        network.apply(Linear(network.shape, outputs: width), parameters: parameters.map { $0.rows(0..<width) })
        let queries = network.value
        network.apply(
            Linear(memory.shape, outputs: 2 * width), to: [memory],
            parameters: parameters.map { $0.rows(width..<3 * width) })
        let attention = Attention(
            positions: positions, heads: heads, headWidth: headWidth, source: .other(positions: keys), mask: mask,
            hasPadding: ids != nil, dropout: dropout, stream: dropout > 0 ? network.takeRandomStream() : 0)
        network.apply(attention, to: [queries, network.value] + (ids.map { [$0] } ?? []))
        buildOutput(into: &network, named: name, width: width)
    }

    private func inputParameters(
        of network: inout NetworkBuilder, _ name: String, _ width: Int
    ) -> [Graph.Parameter] {
        let starts = network.initialization.starts(
            fanIn: width, fanOut: 3 * width, standard: .xavierUniform(fanIn: width, fanOut: 3 * width))
        return [
            network.parameter("\(name)in_proj_weight", shape: [3 * width, width], initialization: starts.weight),
            network.parameter("\(name)in_proj_bias", shape: [3 * width], initialization: .constant(0)),
        ]
    }

    private func buildOutput(into network: inout NetworkBuilder, named name: String, width: Int) {
        let starts = network.initialization.starts(
            fanIn: width, fanOut: width,
            standard: startsWithXavier ? .xavierUniform(fanIn: width, fanOut: width) : .uniform(fanIn: width))
        let weight = network.parameter(
            "\(name)out_proj.weight", shape: [width, width], initialization: starts.weight)
        let bias = network.parameter("\(name)out_proj.bias", shape: [width], initialization: .constant(0))
        network.apply(Linear(network.shape, outputs: width), parameters: [weight, bias])
    }

    private func headWidth(in network: borrowing NetworkBuilder, width: Int) throws(NetworkError) -> Int {
        guard width.isMultiple(of: heads) else {
            throw .unfitShape(
                network.position, expected: "a width that is a multiple of its \(heads) heads",
                actual: network.shape.dimensions, remedy: "change the number of heads or the width")
        }
        return width / heads
    }
}
