import Datasets
import Foundation
import StrictYAML

/// The parts of the `data:` section that say how samples are made.
extension JobFile {
    /// A tokenizer is part of what each worker is sent at the start.
    private static let largestVocabulary = 1 << 17
    private static let standardPairs = 4096
    private static let standardWords = 10_000

    static func textSection(_ section: YAMLMapping, format: DataSpecification.Format, folder: URL) -> TextForm {
        let positions = section.integer(.positions)
        let tokenizer = tokenizer(section, folder: folder)
        guard format != .text else {
            return TextForm(
                use: .continueText, positions: positions, tokenizer: tokenizer,
                stride: section.optionalInteger(.textStride))
        }
        if section.value("source") != nil || section.value("target") != nil {
            let use = TextForm.Use.translate(
                source: section.string("source"), target: section.string("target"),
                targetPositions: section.integer(.targetPositions, default: positions))
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
        if !value.isMapping, let text = value.asString(), text.hasSuffix(".json"), let file = value.asPath(in: folder) {
            return .file(file.path(percentEncoded: false))
        }
        guard value.isMapping else {
            switch value.asChoice(Kind.self) {
            case .bytes?, nil: return .bytes
            case .bpe?: return .pairs(vocabulary: standardPairs)
            case .words?: return .words(vocabulary: standardWords, lowercase: false)
            }
        }
        return value.mapping { tokenizer in
            switch tokenizer.choice("kind", of: Kind.self, decidesKeys: true) {
            case .bytes: .bytes
            case .bpe:
                .pairs(vocabulary: tokenizer.integer("vocabulary", in: 257...largestVocabulary, default: standardPairs))
            case .words:
                .words(
                    vocabulary: tokenizer.integer("vocabulary", in: 2...largestVocabulary, default: standardWords),
                    lowercase: tokenizer.bool("lowercase", default: false))
            }
        } ?? .bytes
    }

    static func seriesSection(_ section: YAMLMapping) -> SeriesForm {
        var form = SeriesForm(window: section.integer(.window))
        form.horizon = section.integer(.horizon, default: form.horizon)
        form.stride = section.integer(.seriesStride, default: form.stride)
        return form
    }

    static func imagesSection(_ section: YAMLMapping) -> ImageForm {
        let form = ImageForm(
            height: section.optionalInteger(.pictureHeight),
            width: section.optionalInteger(.pictureWidth),
            channels: section.choice("channels", of: ImageForm.Channels.self))
        if (form.height == nil) != (form.width == nil) { section.report(nil, "height and width go together") }
        return form
    }

    static func augmentSection(_ section: YAMLMapping) -> Augmentation {
        enum Flip: String, CaseIterable { case none, horizontal, vertical, both }
        let flip = section.choice("flip", of: Flip.self, default: Flip.none)
        let standard = Augmentation()
        return Augmentation(
            flipHorizontally: flip == .horizontal || flip == .both,
            flipVertically: flip == .vertical || flip == .both,
            crop: section.integer(.crop, default: standard.crop),
            rotation: section.number("rotate", in: 0...180, default: standard.rotation),
            noise: section.number(.noise, default: standard.noise),
            mixup: section.number(.mixup, default: standard.mixup))
    }
}
