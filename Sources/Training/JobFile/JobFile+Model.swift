import Foundation
import NeuralNetworks
import StrictYAML

extension JobFile {
    /// What the `model:` section says: nothing of what follows from a value that is wrong, so that nothing is held
    /// against it.
    struct ModelSection {
        /// Nil where something is wrong with the section.
        var specification: ModelSpecification?
        /// Nil where the family or the task is wrong.
        var task: ModelSpecification.Task?
        /// Positions of the source of an encoder and decoder; nil where there are none.
        var source: Int?
    }

    static func modelSection(_ section: YAMLMapping, folder: URL) -> ModelSection {
        let family = section.choice("family", of: ModelSpecification.Family.self, decidesKeys: true)
        guard section.isSoundSoFar else {
            _ = input(section)
            return ModelSection()
        }
        let task = task(section, family: family)
        let knownTask = section.isSoundSoFar ? task : nil
        let input = input(section)
        let specification = ModelSpecification(
            family: family, task: task, input: input, outputs: outputs(section, family: family, task: knownTask),
            layers: layers(section, family: family, input: input),
            bias: section.bool("bias", default: family != .gpt),
            initialization: initialization(section, family: family),
            base: base(section, folder: folder), freeze: section.strings("freeze", default: []))
        if section.isSoundSoFar {
            do throws(NetworkError) {
                _ = try Network(specification)
            } catch {
                let key: String? =
                    switch error {
                    case .nothingToLearn: "layers"
                    case .nothingToFreeze: "freeze"
                    case .invalidInput: "input"
                    default: nil
                    }
                section.report(key, "no network can be built from it: \(error)")
            }
        }
        guard section.isSoundSoFar else { return ModelSection(task: knownTask) }
        let source = family == .transformer ? section.optionalInteger(.source) : nil
        return ModelSection(specification: specification, task: knownTask, source: source)
    }

    /// `input: 30`, `input: [30]`, `input: [12, 4]` or `input: [1, 8, 8]`.
    private static func input(_ section: YAMLMapping) -> [Int] {
        let what = "the number of features, [positions, features] or [channels, height, width]"
        guard let value = section.required("input", what) else { return [1] }
        guard value.isList else { return [value.asInteger(in: JobNumber.inputSide.range) ?? 1] }
        let shape = value.asList()?.compactMap { $0.asInteger(in: JobNumber.inputSide.range) } ?? []
        if !(1...3).contains(value.asList()?.count ?? 0) { value.report("expected \(what)") }
        return shape.isEmpty ? [1] : shape
    }

    /// `initialization: he_normal`, or `initialization: { rule: normal, std: 0.02 }`.
    private static func initialization(
        _ section: YAMLMapping, family: ModelSpecification.Family
    ) -> WeightInitialization {
        let standard = WeightInitialization(family == .gpt ? .normal : .standard)
        guard let value = section.value("initialization") else { return standard }
        guard value.isMapping else {
            return value.asChoice(WeightInitialization.Rule.self).map { WeightInitialization($0) } ?? standard
        }
        return value.mapping { mapping in
            WeightInitialization(
                mapping.choice("rule", of: WeightInitialization.Rule.self),
                std: mapping.number(.std, default: WeightInitialization.defaultDeviation))
        } ?? standard
    }

    /// `base: digits:3`, `base: digits@production`, or the path of a safetensors file.
    private static func base(_ section: YAMLMapping, folder: URL) -> String? {
        guard let value = section.value("base"), let text = value.asString() else { return nil }
        if text.hasSuffix(".safetensors") {
            return value.asPath(in: folder)?.path(percentEncoded: false)
        }
        if text.firstIndex(where: { $0 == ":" || $0 == "@" }) == nil {
            value.report("expected NAME:VERSION, NAME@ALIAS, or the path of a .safetensors file, found '\(text)'")
        }
        return text
    }

    private static func task(_ section: YAMLMapping, family: ModelSpecification.Family) -> ModelSpecification.Task {
        let (fallback, allowed): (ModelSpecification.Task, [ModelSpecification.Task]) =
            switch family {
            case .linear: (.regression, [.regression])
            case .logistic: (.binary, [.binary, .classification])
            case .gpt: (.classification, [.classification])
            case .mlp, .cnn, .resNetSmall, .rnn, .lstm, .gru, .transformer, .sequential:
                (.classification, ModelSpecification.Task.allCases)
            }
        let task = section.choice("task", of: ModelSpecification.Task.self, default: fallback)
        if !allowed.contains(task) {
            let names = allowed.map(\.rawValue).joined(separator: " or ")
            section.report("task", "a model of the family \(family.rawValue) is for \(names), found '\(task.rawValue)'")
        }
        return task
    }

    /// One logit per class, but one in all for two classes of a binary task; `outputs` numbers for regression. Without a
    /// task either key may be there.
    private static func outputs(
        _ section: YAMLMapping, family: ModelSpecification.Family, task: ModelSpecification.Task?
    ) -> Int {
        switch task {
        case nil:
            for key in ["classes", "outputs"] { _ = section.value(key) }
            return 1
        case .classification where family == .gpt:
            // The classes of a language model are its tokens.
            let vocabulary = section.integer("vocabulary", in: 2...LayerSetting.largestSide)
            return section.integer("classes", in: vocabulary...vocabulary, default: vocabulary)
        case .classification:
            return section.integer(.classes)
        case .binary:
            _ = section.optionalInteger("classes", in: 2...2)
            return 1
        case .regression:
            if section.value("classes") != nil { section.report("classes", "a model for regression has no classes") }
            return section.integer(.outputs, default: 1)
        }
    }
}
