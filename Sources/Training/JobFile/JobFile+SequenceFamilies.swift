import NeuralNetworks
import StrictYAML

/// The layers of the families for sequences, from their keys in short.
extension JobFile {
    /// `rnn`, `lstm` and `gru`.
    static func recurrentLayers(_ section: YAMLMapping, kind: String, input: [Int]) -> [LayerSpecification] {
        let width = section.integer(.width)
        let layers = section.integer(.recurrentLayers, default: 1)
        let isBidirectional = section.bool("bidirectional", default: false)
        let dropout = section.number(.dropout, default: 0)
        let isLast = !isPredictingEach(section)
        let layer: LayerSpecification =
            switch kind {
            case "lstm":
                .lstm(
                    width: width, layers: layers, isBidirectional: isBidirectional, dropout: dropout, isLast: isLast)
            case "gru":
                .gru(width: width, layers: layers, isBidirectional: isBidirectional, dropout: dropout, isLast: isLast)
            default:
                .rnn(
                    width: width, layers: layers, isBidirectional: isBidirectional, dropout: dropout, isLast: isLast,
                    activation: section.value("activation")?.asWord(
                        of: LayerKind.choices(of: "activation", in: kind)) ?? "tanh")
            }
        let vocabulary = vocabulary(section, input: input)
        let embedding =
            vocabulary == nil
            ? nil : section.integer(.embedding, default: width)
        return LayerSpecification.recurrentNetwork(layer, vocabulary: vocabulary, embedding: embedding ?? width)
    }

    /// An encoder, or with `source` an encoder and a decoder.
    static func transformerLayers(_ section: YAMLMapping, input: [Int]) -> [LayerSpecification] {
        let figures = transformerFigures(section, like: .init(width: 1, heads: 1, layers: 1))
        let vocabulary = vocabulary(section, input: input)
        guard let source = section.optionalInteger(.source) else {
            return LayerSpecification.transformerEncoderNetwork(
                vocabulary: vocabulary, figures: figures, isPooled: !isPredictingEach(section))
        }
        let decoderLayers = section.integer(.decoderLayers, default: figures.layers)
        guard let vocabulary else {
            if input.count != 1 {
                section.report("source", "an encoder and decoder work on token ids, with input: [positions]")
            }
            return []
        }
        return LayerSpecification.transformerNetwork(
            vocabulary: vocabulary, source: source, decoderLayers: decoderLayers, figures: figures)
    }

    static func gptLayers(_ section: YAMLMapping, input: [Int]) -> [LayerSpecification] {
        let figures = transformerFigures(
            section, like: .init(width: 1, heads: 1, layers: 1, activation: "gelu_tanh", normFirst: true))
        let isRotary =
            section.value("positions")?.asWord(of: ["learned", "rotary"]) == "rotary"
        let isTied = section.bool("tied", default: false)
        if isRotary, section.isSoundSoFar, figures.width.isMultiple(of: figures.heads) {
            let headWidth = figures.width / figures.heads
            if !headWidth.isMultiple(of: 2) {
                section.report(
                    "positions",
                    "rotary positions need heads of even width, and a width of \(figures.width) over \(figures.heads) heads "
                        + "gives \(headWidth) each: choose a width that is an even multiple of heads")
            }
        }
        if input.count != 1 { section.report("input", "a language model takes token ids, with input: [positions]") }
        guard let vocabulary = vocabulary(section, input: [input[0]]) else { return [] }
        return LayerSpecification.gpt(
            vocabulary: vocabulary, positions: input[0], figures: figures, isRotary: isRotary, isTied: isTied)
    }

    /// - Parameter standard: what is so where nothing is said.
    private static func transformerFigures(
        _ section: YAMLMapping, like standard: LayerSpecification.TransformerFigures
    ) -> LayerSpecification.TransformerFigures {
        LayerSpecification.TransformerFigures(
            width: section.integer(.width),
            heads: section.integer(.heads),
            layers: section.integer(.transformerLayers),
            feedforward: section.optionalInteger(.feedforward),
            activation: section.value("activation")?.asWord(
                of: LayerKind.choices(of: "activation", in: "transformer_encoder")) ?? standard.activation,
            normFirst: section.bool("norm_first", default: standard.normFirst),
            dropout: section.number(.dropout, default: standard.dropout))
    }

    /// `predict: each` for every position, `predict: one` (the default) for the sequence.
    private static func isPredictingEach(_ section: YAMLMapping) -> Bool {
        section.value("predict")?.asWord(of: ["one", "each"]) == "each"
    }

    /// Required where the input is `[positions]` of token ids, nil where it is numbers.
    private static func vocabulary(_ section: YAMLMapping, input: [Int]) -> Int? {
        guard input.count == 1 else { return nil }
        guard section.required("vocabulary", "the number of token ids, as the input is [positions] of them") != nil
        else { return nil }
        return section.integer(.vocabulary)
    }
}
