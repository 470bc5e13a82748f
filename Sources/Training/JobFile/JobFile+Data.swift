import Datasets
import Foundation
import NeuralNetworks
import Explanations
import StrictYAML

extension JobFile {
    /// The `data:` section.
    static func dataSection(_ section: YAMLMapping, folder: URL) -> DataSpecification {
        let named = section.value("format").map { _ in
            section.choice("format", of: DataSpecification.Format.self, decidesKeys: true)
        }
        let isKnown = section.isSoundSoFar
        let file = section.path("path", in: folder)
        let path = file.path(percentEncoded: false)
        guard isKnown else { return .standIn }
        let format = named ?? DataSpecification.Format(ofFile: file.lastPathComponent) ?? other(section, file)
        refuseMeaningless(section, format: format)
        let isTable = format == .csv || format == .jsonl
        let text = section.optionalMapping("text") { textSection($0, format: format, folder: folder) }
        let targets = targets(section, isRequired: DataSpecification.needsTarget(format, text))
        if text?.use.isTranslation == true, !targets.isEmpty {
            section.report("target", "it has no meaning here: what is learned of a translation is data.text.target")
        }
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
            path: path, format: format, targets: targets, features: features,
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
            let targetsFile = section.path("targets_path", in: folder, "the file with the targets")
            specification.targetsPath = targetsFile.path(percentEncoded: false)
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

    /// Keys that say nothing of data in this format: what somebody wrote is not passed over.
    private static func refuseMeaningless(_ section: YAMLMapping, format: DataSpecification.Format) {
        var meaningless: [String: String] = [:]
        func refuse(_ keys: [String], _ reason: String) {
            for key in keys { meaningless[key] = reason }
        }
        switch format {
        case .csv, .jsonl:
            refuse(["images"], "its rows are lines")
            refuse(["targets_path"], "the target is a column, which data.target names")
            if section.keys.contains("text") {
                refuse(["features"], "data.text names the columns that are read")
                refuse(["normalize"], "what is read are texts, and the ids of tokens are names")
            }
        case .npy, .idx:
            refuse(["features", "target"], "its arrays have no names; data.targets_path is the file of the targets")
            refuse(["series", "types"], "it has no columns")
            refuse(["images"], "its pictures have their size and channels")
            refuse(["text"], "it holds numbers, ids of tokens among them")
        case .npz:
            refuse(["targets_path"], "both arrays are in one file; data.target is the name of the targets")
            refuse(["series", "types"], "it has no columns")
            refuse(["images"], "its pictures have their size and channels")
            refuse(["text"], "it holds numbers, ids of tokens among them")
        case .images:
            refuse(["features", "series", "types"], "it has no columns")
            refuse(["target", "targets_path"], "a picture's class is the name of its folder")
            refuse(["text"], "it holds pictures")
        case .text:
            refuse(
                ["target", "targets_path", "features", "types", "series", "images"],
                "it is one text, of which the next token is learned")
            refuse(["normalize", "clean", "augment"], "the ids of tokens are names, not numbers")
        }
        for key in section.keys {
            guard let reason = meaningless[key] else { continue }
            _ = section.value(key)
            section.report(key, "it has no meaning for the format \(format.rawValue): \(reason)")
        }
    }

    /// `target: price`, or a list of several columns.
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
        let standard = DataSpecification.Split(train: 1, test: 0)
        var split = DataSpecification.Split(
            train: section.number("train", in: Above(0)),
            validation: section.number("validation", in: 0..<1, default: standard.validation),
            test: section.number("test", in: Above(0)),
            stratify: section.bool("stratify", default: standard.stratify))
        if let value = section.value("order") {
            switch value.asString() {
            case "shuffled": split.order = .shuffled
            case "file": split.order = .file
            case nil: break
            case let other?: value.report("expected one of shuffled, file, found '\(other)'; a column is named by 'by'")
            }
        }
        if let column = section.value("by")?.asString() { split.order = .column(column) }
        split.onLeak = section.choice("on_leak", of: DataSpecification.Split.LeakAction.self, default: split.onLeak)
        if split.stratify, split.order != .shuffled {
            section.report("stratify", "parts in order of the file or of a column cannot be stratified")
        }
        let sum = split.train + split.validation + split.test
        if section.isSoundSoFar, !split.isComplete {
            section.report(nil, "train, validation and test must add up to 1, they add up to \(Float(sum))")
        }
        return split
    }

    /// The format of a file whose name says none: running text where it is for people to read and nothing is named to learn.
    private static func other(_ section: YAMLMapping, _ file: URL) -> DataSpecification.Format {
        let isText = DataSpecification.Format.isForReading(file.lastPathComponent)
        return isText && section.value("text") != nil && section.value("target") == nil ? .text : .csv
    }

    /// A type or bounds that say nothing of what is learned are not passed over.
    static func checkTargets(_ data: DataSpecification, task: ModelSpecification.Task, in file: YAMLMapping) {
        for target in data.targets {
            // A series may learn from its targets too, which have a type as features.
            guard data.series == nil || !(data.features.isEmpty || data.features.contains(target)) else { continue }
            if data.cleaning.clip[target] != nil {
                file.report(
                    "data.clean.clip.\(target)",
                    "what is learned is not clipped: expected columns to learn from, found the target")
            }
            guard let type = data.types[target] else { continue }
            switch (task, type) {
            case (.regression, .number), (.binary, .category), (.classification, .category): break
            case (.regression, _):
                file.report(
                    "data.types.\(target)",
                    "the target of a regression is a number: expected number, or nothing about this column, found "
                        + "'\(type.rawValue)'")
            case (.binary, _), (.classification, _):
                file.report(
                    "data.types.\(target)",
                    "the values of this target are classes: expected category, or nothing about this column, found "
                        + "'\(type.rawValue)'")
            }
        }
    }

    /// An encoder and decoder are told where the source of a translation ends.
    static func checkSource(of model: ModelSection, _ data: DataSpecification, in file: YAMLMapping) {
        guard let specification = model.specification, specification.family == .transformer, let text = data.text,
            text.use.isTranslation, model.source != text.positions
        else { return }
        file.report(
            "model.source",
            "expected \(text.positions), the positions of the source that data.text.positions gives, found "
                + (model.source.map(String.init) ?? "no such key"))
    }

    /// What a model can only learn from data of another kind.
    static func check(_ data: DataSpecification, model: ModelSpecification, in file: YAMLMapping) {
        let input = model.input
        if data.augmentation?.needsPicture == true, input.count != 3 {
            file.report(
                "data",
                "augment.flip, crop and rotate move pixels, so model.input must be [channels, height, width]")
        }
        if case .column = data.split.order, data.format != .csv, data.format != .jsonl {
            file.report("data", "split.by names a column, and the format \(data.format.rawValue) has none")
        }
        if let text = data.text, data.split.stratify {
            switch text.use {
            case .classify: break
            case .continueText, .translate:
                file.report("data", "split.stratify needs classes, and of this text the tokens are learned")
            }
        }
        if data.text != nil, data.format != .text, data.augmentation != nil {
            file.report("data", "augment changes numbers, and the ids of tokens are names")
        }
        if model.embeddedIDs != nil {
            for key in data.keysThatChangeNumbers {
                file.report(key.joined(separator: "."), DataSpecification.idsAreNames)
            }
        }
        if let text = data.text, input != [text.idCount] {
            file.report(
                "data",
                "a row of text has \(counted(text.idCount, "position")), model.input is \(input): set it to \(text.idCount)"
            )
        }
    }
}
