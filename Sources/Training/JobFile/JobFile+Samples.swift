import Datasets
import Foundation
import StrictYAML

/// The parts of the `data:` section that say how samples are made.
extension JobFile {
    private static let positions = 1...1 << 20
    /// A tokenizer is part of what each worker is sent at the start.
    private static let largestVocabulary = 1 << 17

    static func textSection(_ section: YAMLMapping, format: DataSpecification.Format, folder: URL) -> TextForm {
        let positions = section.integer("positions", in: positions)
        let tokenizer = tokenizer(section, folder: folder)
        guard format != .text else {
            return TextForm(
                use: .continueText, positions: positions, tokenizer: tokenizer,
                stride: section.optionalInteger("stride", in: 1...))
        }
        if section.value("source") != nil {
            let use = TextForm.Use.translate(
                source: section.string("source"), target: section.string("target"),
                targetPositions: section.integer("target_positions", in: Self.positions, default: positions))
            return TextForm(use: use, positions: positions, tokenizer: tokenizer)
        }
        return TextForm(
            use: .classify(field: section.string("field", default: "text")), positions: positions,
            tokenizer: tokenizer)
    }

    /// `tokenizer: bytes`, a path that ends in `.json`, or a mapping with the kind and the vocabulary.
    private static func tokenizer(_ section: YAMLMapping, folder: URL) -> TextForm.TokenizerForm {
        enum Kind: String, CaseIterable { case bytes, bpe, words }
        guard let value = section.value("tokenizer") else { return .bytes }
        if !value.isMapping, let text = value.asString(), text.hasSuffix(".json") {
            return .file(URL(filePath: text, relativeTo: folder).standardizedFileURL.path(percentEncoded: false))
        }
        guard value.isMapping else {
            switch value.asChoice(Kind.self) {
            case .bytes?, nil: return .bytes
            case .bpe?: return .pairs(vocabulary: 4096)
            case .words?: return .words(vocabulary: 10_000, lowercase: false)
            }
        }
        return value.mapping { tokenizer in
            switch tokenizer.choice("kind", of: Kind.self) {
            case .bytes: .bytes
            case .bpe: .pairs(vocabulary: tokenizer.integer("vocabulary", in: 257...largestVocabulary, default: 4096))
            case .words:
                .words(
                    vocabulary: tokenizer.integer("vocabulary", in: 2...largestVocabulary, default: 10_000),
                    lowercase: tokenizer.bool("lowercase", default: false))
            }
        } ?? .bytes
    }

    static func seriesSection(_ section: YAMLMapping) -> SeriesForm {
        SeriesForm(
            window: section.integer("window", in: 1...1 << 20),
            horizon: section.integer("horizon", in: 1...1 << 20, default: 1),
            stride: section.integer("stride", in: 1..., default: 1))
    }

    static func imagesSection(_ section: YAMLMapping) -> ImageForm {
        let form = ImageForm(
            height: section.optionalInteger("height", in: 1...1 << 15),
            width: section.optionalInteger("width", in: 1...1 << 15),
            channels: section.choice("channels", of: ImageForm.Channels.self))
        if (form.height == nil) != (form.width == nil) { section.report(nil, "height and width go together") }
        return form
    }

    static func augmentSection(_ section: YAMLMapping) -> Augmentation {
        enum Flip: String, CaseIterable { case none, horizontal, vertical, both }
        let flip = section.choice("flip", of: Flip.self, default: Flip.none)
        return Augmentation(
            flipHorizontally: flip == .horizontal || flip == .both,
            flipVertically: flip == .vertical || flip == .both,
            crop: section.integer("crop", in: 0...1 << 15, default: 0),
            rotation: section.number("rotate", in: 0...180, default: 0),
            noise: section.number("noise", in: 0..., default: 0),
            mixup: section.number("mixup", in: 0..., default: 0))
    }
}
