import Datasets
import Foundation
import Spelling
import StrictYAML

extension JobFile {
    /// The `data:` section.
    static func dataSection(_ section: YAMLMapping, folder: URL) -> DataSpecification {
        func file(_ path: String) -> String {
            URL(filePath: path, relativeTo: folder).standardizedFileURL.path(percentEncoded: false)
        }
        let format = section.choice("format", of: DataSpecification.Format.self, default: .csv, decidesKeys: true)
        let isKnown = section.isSoundSoFar
        let path = section.string("path")
        guard isKnown else { return .standIn }
        let isTable = format == .csv || format == .jsonl
        let text = section.optionalMapping("text") { textSection($0, format: format, folder: folder) }
        let targets = targets(section, isRequired: isTable && text?.isTranslation != true)
        let features = section.strings("features", default: [])
        let series = isTable ? section.optionalMapping("series", seriesSection) : nil
        var seen: Set<String> = []
        for name in features {
            if targets.contains(name), series == nil {
                section.report("features", "'\(name)' is the target, which cannot be a feature too")
            }
            if !seen.insert(name).inserted { section.report("features", "'\(name)' is named twice") }
        }
        var specification = DataSpecification(
            path: file(path), format: format, targets: targets, features: features,
            split: section.optionalMapping("split", split) ?? .standIn,
            normalize: normalization(section),
            text: text, series: series)
        specification.cleaning = section.optionalMapping("clean", cleaningSection) ?? Cleaning()
        if isTable {
            specification.types =
                section.optionalMapping("types") { types in
                    types.keys.reduce(into: [:]) { $0[$1] = types.choice($1, of: ColumnType.self) }
                } ?? [:]
        } else if format == .npy || format == .idx {
            specification.targetsPath = file(section.string("targets_path"))
        }
        if format == .images {
            specification.images = section.mapping("images", "a mapping with the channels", imagesSection)
        }
        specification.augmentation = section.optionalMapping("augment", augmentSection)
        if format == .text, text == nil {
            section.report("text", "plain text needs a mapping with the positions and the tokenizer")
        }
        if text != nil, series != nil { section.report("series", "a text has no series") }
        return specification
    }

    /// `target: price`, or a list of several columns of numbers.
    private static func targets(_ section: YAMLMapping, isRequired: Bool) -> [String] {
        let value = isRequired ? section.required("target", "text") : section.value("target")
        guard let value else { return [] }
        guard value.isList else { return value.asString().map { [$0] } ?? [] }
        let names = value.asList()?.compactMap { $0.asString() } ?? []
        if names.isEmpty { value.report("expected at least one name") }
        if Set(names).count < names.count { value.report("a name comes twice") }
        return names
    }

    /// `split: { train: 0.8, test: 0.2 }`.
    private static func split(_ section: YAMLMapping) -> DataSpecification.Split {
        var split = DataSpecification.Split(
            train: section.number("train", in: Above(0)),
            validation: section.number("validation", in: 0..<1, default: 0),
            test: section.number("test", in: Above(0)),
            stratify: section.bool("stratify", default: false))
        if let value = section.value("order") {
            switch value.asString() {
            case "shuffled": split.order = .shuffled
            case "file": split.order = .file
            case nil: break
            case let other?: value.report("expected one of shuffled, file, found '\(other)'; a column is named by 'by'")
            }
        }
        if let column = section.value("by")?.asString() { split.order = .column(column) }
        split.onLeak = section.choice("on_leak", of: DataSpecification.Split.LeakAction.self, default: .warn)
        if split.stratify, split.order != .shuffled {
            section.report("stratify", "parts in order of the file or of a column cannot be stratified")
        }
        let sum = split.train + split.validation + split.test
        if section.isSoundSoFar, !split.isComplete {
            section.report(nil, "train, validation and test must add up to 1, they add up to \(Float(sum))")
        }
        return split
    }

    /// What a model can only learn from data of another kind.
    static func check(_ data: DataSpecification, input: [Int], in file: YAMLMapping) {
        if data.augmentation?.needsPicture == true, input.count != 3 {
            file.report(
                "data",
                "augment.flip, crop and rotate move pixels, so model.input must be [channels, height, width]")
        }
        if data.text != nil, data.augmentation != nil {
            file.report("data", "augment changes numbers, and the ids of tokens are names")
        }
        if let text = data.text, input != [text.idCount] {
            file.report(
                "data",
                "a row of text has \(counted(text.idCount, "position")), model.input is \(input): set it to \(text.idCount)"
            )
        }
    }
}

extension TextForm {
    fileprivate var isTranslation: Bool {
        if case .translate = use { true } else { false }
    }
}
