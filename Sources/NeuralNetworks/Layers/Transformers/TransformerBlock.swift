import Tensors

/// What the layers of a transformer are made of; `nn.TransformerEncoderLayer` and `nn.TransformerDecoderLayer`.
struct TransformerBlock {
    /// On top of each other.
    static let countAllowed = 1...1024

    /// What all kinds of transformers have in common.
    static let settings = [
        LayerSetting(
            "heads", .integer(AttentionBlock.headsAllowed), .required, "attention heads, which share the width"),
        LayerSetting(
            "feedforward", .integer(1...LayerSetting.largestSide), .absent,
            "width between the two linear layers of each block; 4 times the width of the sequence if left out"),
        LayerSetting(
            "activation", .choice(["relu", "gelu", "gelu_tanh"]), .value(.text("relu")),
            "between the two linear layers"),
        LayerSetting(
            "norm_first", .bool, .value(.bool(false)),
            "whether each part normalises its input (pre-norm) or the sum that it ends in (post-norm)"),
        LayerSetting(
            "dropout", .number(.from(0, below: 1)), .value(.number(0.1)),
            "dropout of attention weights, between the linear layers and before each sum"),
    ]

    let feedforward: Int?
    let activation: String
    let normFirst: Bool
    let dropout: Float
    let attention: AttentionBlock
    private let startsWithXavier: Bool

    /// - Parameter startsWithXavier: whether all matrices start with Xavier's distribution, as in `nn.Transformer`.
    init(_ settings: LayerSettings, isRotary: Bool = false, startsWithXavier: Bool = false) {
        feedforward = settings.optionalInteger("feedforward")
        activation = settings.text("activation")
        normFirst = settings.bool("norm_first")
        dropout = Float(settings.number("dropout"))
        self.startsWithXavier = startsWithXavier
        attention = AttentionBlock(
            heads: settings.integer("heads"), dropout: dropout, isRotary: isRotary,
            startsWithXavier: startsWithXavier)
    }

    /// x + self-attention, then x + feedforward.
    func buildEncoderLayer(
        into network: inout NetworkBuilder, named name: String, mask: AttentionMask, ids: Graph.Value?
    ) throws(NetworkError) {
        try residual(into: &network, norm: "\(name)norm1") { network throws(NetworkError) in
            try attention.buildSelf(into: &network, named: "\(name)self_attn.", mask: mask, ids: ids)
        }
        try residual(into: &network, norm: "\(name)norm2") { network throws(NetworkError) in
            try buildFeedforward(into: &network, named: name)
        }
    }

    /// x + causal self-attention, then x + attention to the memory, then x + feedforward.
    func buildDecoderLayer(
        into network: inout NetworkBuilder, named name: String, memory: Graph.Value, memoryMask: AttentionMask,
        memoryIDs: Graph.Value?
    ) throws(NetworkError) {
        try residual(into: &network, norm: "\(name)norm1") { network throws(NetworkError) in
            try attention.buildSelf(into: &network, named: "\(name)self_attn.", mask: .causal, ids: nil)
        }
        try residual(into: &network, norm: "\(name)norm2") { network throws(NetworkError) in
            try attention.buildCross(
                into: &network, named: "\(name)multihead_attn.", memory: memory, mask: memoryMask, ids: memoryIDs)
        }
        try residual(into: &network, norm: "\(name)norm3") { network throws(NetworkError) in
            try buildFeedforward(into: &network, named: name)
        }
    }

    func buildNorm(into network: inout NetworkBuilder, named name: String) {
        let width = network.shape.dimensions.last ?? 1
        let weight = network.parameter("\(name).weight", shape: [width], initialization: .constant(1))
        let bias = network.parameter("\(name).bias", shape: [width], initialization: .constant(0))
        network.apply(GroupNormalization(lastOf: network.shape), parameters: [weight, bias])
    }

    private func residual(
        into network: inout NetworkBuilder, norm: String,
        _ build: (inout NetworkBuilder) throws(NetworkError) -> Void
    ) throws(NetworkError) {
        let input = network.value
        if normFirst { buildNorm(into: &network, named: norm) }
        try build(&network)
        buildDropout(into: &network)
        network.apply(Sum(network.shape), to: [input, network.value])
        if !normFirst { buildNorm(into: &network, named: norm) }
    }

    private func buildFeedforward(into network: inout NetworkBuilder, named name: String) throws(NetworkError) {
        let (positions, width) = try network.sequence()
        let hidden = feedforward ?? 4 * width
        try network.checkSize([hidden, max(width, positions)])
        buildLinear(
            into: &network, named: "\(name)linear1", outputs: hidden,
            activation: activation == "relu" ? .relu : .identity)
        switch activation {
        case "gelu": network.apply(Pointwise(network.shape, .gelu))
        case "gelu_tanh": network.apply(Pointwise(network.shape, .geluTanh))
        default: break
        }
        buildDropout(into: &network)
        buildLinear(into: &network, named: "\(name)linear2", outputs: width, activation: .identity)
    }

    private func buildLinear(
        into network: inout NetworkBuilder, named name: String, outputs: Int, activation: Activation
    ) {
        let inputs = network.shape.dimensions.last ?? 1
        let standard = Initialization.uniform(fanIn: inputs)
        let starts = network.initialization.starts(
            fanIn: inputs, fanOut: outputs,
            standard: startsWithXavier ? .xavierUniform(fanIn: inputs, fanOut: outputs) : standard)
        let weight = network.parameter(
            "\(name).weight", shape: [outputs, inputs], initialization: starts.weight)
        let bias = network.parameter(
            "\(name).bias", shape: [outputs],
            initialization: network.initialization.rule == .standard ? standard : starts.bias)
        network.apply(
            Linear(network.shape, outputs: outputs, activation: activation), parameters: [weight, bias])
    }

    private func buildDropout(into network: inout NetworkBuilder) {
        guard dropout > 0 else { return }
        network.apply(Dropout(network.shape, probability: dropout, stream: network.takeRandomStream()))
    }
}
