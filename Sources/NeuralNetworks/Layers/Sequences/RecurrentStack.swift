import Tensors

/// The layers of an `nn.RNN`, `nn.LSTM` or `nn.GRU` with `batch_first`, one on top of the other.
struct RecurrentStack {
    /// What the three kinds have in common.
    static let settings = [
        LayerSetting("width", .integer(1...LayerSetting.largestSide), standsAlone: true, "length of the state"),
        LayerSetting("layers", .integer(1...64), .value(.integer(1)), "layers on top of each other"),
        LayerSetting(
            "bidirectional", .bool, .value(.bool(false)),
            "whether the sequence is read from both ends, which makes the result twice as wide"),
        LayerSetting("dropout", .number(.from(0, below: 1)), .value(.number(0)), "dropout between the layers"),
        LayerSetting(
            "result", .choice(["sequence", "last"]), .value(.text("sequence")),
            "the state at every position, or the last state of each direction"),
    ]

    let cell: RecurrentCell
    let width: Int
    let layers: Int
    let isBidirectional: Bool
    let dropout: Float
    let isLast: Bool

    init(_ settings: LayerSettings, cell: RecurrentCell) {
        self.cell = cell
        width = settings.integer("width")
        layers = settings.integer("layers")
        isBidirectional = settings.bool("bidirectional")
        dropout = Float(settings.number("dropout"))
        isLast = settings.text("result") == "last"
    }

    func build(into network: inout NetworkBuilder) throws(NetworkError) {
        for layer in 0..<layers {
            let sequence = try network.sequence()
            try network.checkSize([cell.gates * width, max(sequence.width, width)])
            try network.checkSize([sequence.positions, cell.gates * width])
            if layer > 0, dropout > 0 {
                network.apply(Dropout(network.shape, probability: dropout, stream: network.takeRandomStream()))
            }
            let names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map { "\($0)_l\(layer)" }
            let operation = Recurrence(
                network.shape, width: width, cell: cell, isBidirectional: isBidirectional,
                result: isLast && layer == layers - 1 ? .last : .sequence)
            let standard = Initialization.uniform(fanIn: width)
            let inputs = network.initialization.starts(fanIn: sequence.width, fanOut: width, standard: standard)
            let states = network.initialization.starts(fanIn: width, fanOut: width, standard: standard)
            let starts = [inputs.weight, states.weight, inputs.bias, states.bias]
            network.apply(
                operation, named: names + names.map { "\($0)_reverse" }, initializations: starts + starts)
        }
    }
}

extension LayerSpecification {
    static func recurrent(
        _ kind: String, width: Int, layers: Int, isBidirectional: Bool, dropout: Double, isLast: Bool,
        _ others: [String: LayerValue] = [:]
    ) -> LayerSpecification {
        let settings: [String: LayerValue] = [
            "width": .integer(width), "layers": .integer(layers), "bidirectional": .bool(isBidirectional),
            "dropout": .number(dropout), "result": .text(isLast ? "last" : "sequence"),
        ]
        return LayerSpecification(kind, settings.merging(others) { $1 })
    }
}
