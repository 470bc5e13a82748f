import NeuralNetworks
import StrictYAML

/// The layers before the head, written out or in short.
extension JobFile {
    static func layers(
        _ section: YAMLMapping, family: ModelSpecification.Family, input: [Int]
    ) -> [LayerSpecification] {
        switch family {
        case .linear, .logistic: []
        case .mlp: hiddenLayers(section, required: true)
        case .cnn: convolutionalLayers(section, input: input)
        }
    }

    /// `hidden: [64, 32]`: for each width a linear layer, the activation and, if asked for, dropout.
    private static func hiddenLayers(_ section: YAMLMapping, required: Bool) -> [LayerSpecification] {
        let activation = section.choice("activation", of: Activation.self, default: .relu).layer
        let dropout = section.number("dropout", in: 0..<1, default: 0)
        let widths = section.list("hidden", "a list of widths, such as [64, 32]", default: required ? nil : []) {
            $0.asInteger(in: 1...)
        }
        if required, section.isSoundSoFar, widths.isEmpty {
            section.report("hidden", "expected at least one width; for none use the family linear or logistic")
        }
        return widths.flatMap { width in
            [.linear(outputs: width, bias: true), activation]
                + (dropout > 0 ? [.dropout(probability: Float(dropout))] : [])
        }
    }

    /// `layers:`, or in short `channels: [32, 64]`: for each a 3 x 3 convolution that keeps the side, the activation and
    /// a 2 x 2 max pool; then `hidden:` as for mlp.
    private static func convolutionalLayers(_ section: YAMLMapping, input: [Int]) -> [LayerSpecification] {
        guard section.value("layers") == nil else {
            let layers = section.list("layers", "a list of layers", layer)
            return flattened(layers, input: input)
        }
        let channels = section.list(
            "channels", "a list of channels, such as [32, 64], or of layers under 'layers'"
        ) { $0.asInteger(in: 1...) }
        let activation = section.choice("activation", of: Activation.self, default: .relu).layer
        let blocks: [LayerSpecification] = channels.flatMap { channels in
            [
                .conv2d(channels: channels, kernel: 3, stride: 1, padding: 1, bias: true), activation,
                .maxPool2d(size: 2, stride: 2),
            ]
        }
        return flattened(blocks + hiddenLayers(section, required: false), input: input)
    }

    /// Puts a flatten before the first linear layer, or before the head, where none is written.
    private static func flattened(_ layers: [LayerSpecification], input: [Int]) -> [LayerSpecification] {
        guard input.count == 3, !layers.contains(.flatten) else { return layers }
        let place = layers.firstIndex { if case .linear = $0 { true } else { false } }
        var layers = layers
        layers.insert(.flatten, at: place ?? layers.count)
        return layers
    }

    /// One entry of `layers:`: a name alone, or a name with its settings.
    private static func layer(_ value: YAMLValue) -> LayerSpecification? {
        if !value.isMapping { return value.asChoice(LayerName.self)?.layer(of: value) }
        return value.mapping { entry in
            let names = entry.keys.filter { LayerKey(rawValue: $0) != nil }
            guard names.count == 1, let key = LayerKey(rawValue: names[0]), let settings = entry.value(names[0]) else {
                // Asked for so that a misspelt name is told with the nearest of them.
                for key in LayerKey.allCases { _ = entry.value(key.rawValue) }
                if entry.keys.count != 1 { value.report("expected one layer for each '-', found \(names.count)") }
                return nil
            }
            return key.layer(settings)
        }.flatMap(\.self)
    }
}

/// What may stand as `activation:`.
private enum Activation: String, CaseIterable {
    case relu, sigmoid, tanh

    var layer: LayerSpecification {
        switch self {
        case .relu: .relu
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        }
    }
}

/// Layers without settings; the others are listed so that their names are known.
private enum LayerName: String, CaseIterable {
    case relu, sigmoid, tanh, softmax, flatten, conv, linear, dropout
    case maxPool = "max_pool"

    func layer(of value: YAMLValue) -> LayerSpecification? {
        switch self {
        case .relu: return .relu
        case .sigmoid: return .sigmoid
        case .tanh: return .tanh
        case .softmax: return .softmax
        case .flatten: return .flatten
        case .conv, .linear, .dropout, .maxPool:
            value.report(
                "the layer '\(rawValue)' needs a figure, such as '\(rawValue): \(self == .dropout ? "0.2" : "2")'")
            return nil
        }
    }
}

/// Layers with settings.
private enum LayerKey: String, CaseIterable {
    case conv, linear, dropout
    case maxPool = "max_pool"

    func layer(_ settings: YAMLValue) -> LayerSpecification? {
        switch self {
        case .conv:
            guard settings.isMapping else {
                return settings.asInteger(in: 1...).map {
                    .conv2d(channels: $0, kernel: 3, stride: 1, padding: 1, bias: true)
                }
            }
            return settings.mapping { conv in
                let kernel = conv.integer("kernel", in: 1..., default: 3)
                return .conv2d(
                    channels: conv.integer("channels", in: 1...), kernel: kernel,
                    stride: conv.integer("stride", in: 1..., default: 1),
                    padding: conv.integer("padding", in: 0..., default: kernel / 2),
                    bias: conv.bool("bias", default: true))
            }
        case .linear:
            guard settings.isMapping else {
                return settings.asInteger(in: 1...).map { .linear(outputs: $0, bias: true) }
            }
            return settings.mapping { linear in
                .linear(outputs: linear.integer("outputs", in: 1...), bias: linear.bool("bias", default: true))
            }
        case .dropout:
            return settings.asNumber(in: 0..<1).map { .dropout(probability: Float($0)) }
        case .maxPool:
            guard settings.isMapping else {
                return settings.asInteger(in: 1...).map { .maxPool2d(size: $0, stride: $0) }
            }
            return settings.mapping { pool in
                let size = pool.integer("size", in: 1...)
                return .maxPool2d(size: size, stride: pool.integer("stride", in: 1..., default: size))
            }
        }
    }
}
