import Datasets
import Foundation
import StrictYAML

extension JobFile {
    /// The `data:` section.
    static func dataSection(_ section: YAMLMapping, folder: URL) -> DataSpecification {
        let path = section.string("path")
        let format = section.choice("format", of: DataSpecification.Format.self, default: .csv)
        let target = section.string("target")
        let features = section.strings("features", default: [])
        var seen: Set<String> = []
        for name in features {
            if name == target { section.report("features", "'\(name)' is the target, which cannot be a feature too") }
            if !seen.insert(name).inserted { section.report("features", "'\(name)' is named twice") }
        }
        return DataSpecification(
            path: URL(filePath: path, relativeTo: folder).standardizedFileURL.path(percentEncoded: false),
            format: format, target: target, features: features,
            split: section.optionalMapping("split", split) ?? .standIn,
            normalize: normalization(section))
    }

    /// `split: { train: 0.8, test: 0.2 }`.
    private static func split(_ section: YAMLMapping) -> DataSpecification.Split {
        let split = DataSpecification.Split(
            train: section.number("train", in: Above(0)),
            validation: section.number("validation", in: 0..<1, default: 0),
            test: section.number("test", in: Above(0)),
            stratify: section.bool("stratify", default: false))
        let sum = split.train + split.validation + split.test
        if section.isSoundSoFar, !split.isComplete {
            section.report(nil, "train, validation and test must add up to 1, they add up to \(Float(sum))")
        }
        return split
    }
}
