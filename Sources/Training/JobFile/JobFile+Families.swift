import NeuralNetworks
import StrictYAML

/// The layers of each family, from its keys in short.
extension JobFile {
    static func layers(
        _ section: YAMLMapping, family: ModelSpecification.Family, input: [Int]
    ) -> [LayerSpecification] {
        switch family {
        case .linear, .logistic: []
        case .mlp: hiddenLayers(section, required: true)
        case .cnn: convolutionalLayers(section, input: input)
        case .resNetSmall:
            LayerSpecification.resNetSmall(
                widths: widths(section), blocks: section.integer(.blocks, default: 2))
        case .rnn, .lstm, .gru: recurrentLayers(section, kind: family.rawValue, input: input)
        case .transformer: transformerLayers(section, input: input)
        case .gpt: gptLayers(section, input: input)
        case .sequential: section.list("layers", "a list of layers") { layer($0) }
        }
    }

    /// `hidden: [64, 32]`: for each width a linear layer, the activation and, if asked for, dropout.
    private static func hiddenLayers(_ section: YAMLMapping, required: Bool) -> [LayerSpecification] {
        let activation = activation(section)
        let dropout = section.number(.dropout, default: 0)
        let widths = section.list("hidden", "a list of widths, such as [64, 32]", default: required ? nil : []) {
            $0.asInteger(in: JobNumber.layerWidth.range)
        }
        if required, section.isSoundSoFar, widths.isEmpty {
            section.report("hidden", "expected at least one width; for none use the family linear or logistic")
        }
        return widths.flatMap { width in
            [.linear(outputs: width), activation] + (dropout > 0 ? [.dropout(probability: dropout)] : [])
        }
    }

    /// `layers:`, or in short `channels: [32, 64]`: for each a 3 x 3 convolution that keeps the side, the activation and
    /// a 2 x 2 max pool; then `hidden:` as for mlp.
    private static func convolutionalLayers(_ section: YAMLMapping, input: [Int]) -> [LayerSpecification] {
        guard section.value("layers") == nil else {
            let layers = section.list("layers", "a list of layers") { layer($0) }
            return flattened(layers, input: input)
        }
        let channels = section.list(
            "channels", "a list of channels, such as [32, 64], or of layers under 'layers'"
        ) { $0.asInteger(in: JobNumber.layerWidth.range) }
        let activation = activation(section)
        let blocks = channels.flatMap { channels in
            [.conv2d(channels: channels), activation, .maxPool2d(size: 2)]
        }
        return flattened(blocks + hiddenLayers(section, required: false), input: input)
    }

    /// Puts a flatten before the first linear layer, or before the head, where none is written.
    private static func flattened(_ layers: [LayerSpecification], input: [Int]) -> [LayerSpecification] {
        guard input.count == 3, !layers.contains(.flatten), !layers.contains(.globalAveragePool) else { return layers }
        let place = layers.firstIndex { $0.kind == "linear" }
        var layers = layers
        layers.insert(.flatten, at: place ?? layers.count)
        return layers
    }

    /// `widths: [16, 32, 64]`, at least one.
    private static func widths(_ section: YAMLMapping) -> [Int] {
        let widths = section.list("widths", "a list of channels, such as [16, 32, 64]", default: [16, 32, 64]) {
            $0.asInteger(in: JobNumber.layerWidth.range)
        }
        if widths.isEmpty { section.report("widths", "expected at least one width") }
        return widths.isEmpty ? [16] : widths
    }

    /// `activation:`, any kind of layer that says it is one.
    private static func activation(_ section: YAMLMapping) -> LayerSpecification {
        section.value("activation")?.asWord(of: LayerKind.activations.map(\.name))
            .map { LayerSpecification($0) } ?? .relu
    }
}
