import NeuralNetworks
import StrictYAML

/// One entry of `layers:`, read as its kind declares it.
extension JobFile {
    /// A name alone, or a name with its settings: `relu`, `linear: 64`, `linear: { outputs: 64, bias: false }`.
    ///
    /// - Parameter depth: of layers within each other, this one counted.
    static func layer(_ value: YAMLValue, depth: Int = 1) -> LayerSpecification? {
        guard depth <= LayerSpecification.maximumDepth else {
            value.report("expected at most \(LayerSpecification.maximumDepth) layers within each other, found more")
            return nil
        }
        let names = LayerKind.all.flatMap { [$0.name] + $0.aliases }
        if !value.isMapping {
            guard let name = value.asWord(of: names), let kind = LayerKind.named(name) else { return nil }
            guard kind.isCompleteAlone else {
                let needed = kind.settings.filter(\.isRequired).map { "'\($0.name)', \($0.form.words)" }
                value.report("the layer '\(name)' needs \(needed.joined(separator: ", and "))")
                return nil
            }
            return LayerSpecification(kind.name)
        }
        return value.mapping { entry in
            let known = entry.keys.filter(names.contains)
            guard known.count == 1, let kind = LayerKind.named(known[0]), let settings = entry.value(known[0]) else {
                // Asked for so that a misspelt name is told with the nearest of them.
                for name in names { _ = entry.value(name) }
                if entry.keys.count != 1 {
                    value.report("expected one layer for each '-', found \(entry.keys.count)")
                }
                return nil
            }
            return layer(kind, settings, depth: depth)
        }.flatMap(\.self)
    }

    /// Settings by name, or the value of the one that may stand alone.
    private static func layer(_ kind: LayerKind, _ value: YAMLValue, depth: Int) -> LayerSpecification? {
        if !value.isMapping, let setting = kind.loneSetting {
            return read(setting, value, depth: depth).map { LayerSpecification(kind.name, [setting.name: $0]) }
        }
        return value.mapping { mapping in
            var settings: [String: LayerValue] = [:]
            for setting in kind.settings {
                let given =
                    setting.isRequired
                    ? mapping.required(setting.name, setting.form.words) : mapping.value(setting.name)
                settings[setting.name] = given.flatMap { read(setting, $0, depth: depth) }
            }
            return LayerSpecification(kind.name, settings)
        }
    }

    private static func read(_ setting: LayerSetting, _ value: YAMLValue, depth: Int) -> LayerValue? {
        switch setting.form {
        case .integer(let range): return value.asInteger(in: range).map(LayerValue.integer)
        case .pair(let range):
            guard value.isList else { return value.asInteger(in: range).map(LayerValue.integer) }
            let sides = value.asList()?.compactMap { $0.asInteger(in: range) }
            guard sides?.count == 2 else {
                value.report("expected \(setting.form.words)")
                return nil
            }
            return sides.map(LayerValue.integers)
        case .number(let range): return value.asNumber(in: range).map(LayerValue.number)
        case .bool: return value.asBool().map(LayerValue.bool)
        case .choice(let names): return value.asWord(of: names).map(LayerValue.text)
        case .integers(let range):
            return value.asList().map { .integers($0.compactMap { $0.asInteger(in: range) }) }
        case .layers: return value.asList().map { .layers($0.compactMap { layer($0, depth: depth + 1) }) }
        }
    }
}

extension NumberRange: YAMLRange {
    package func explanation(of value: Double) -> String? {
        misfit(of: value).map { "which is \($0) as a 32-bit float" }
    }

    package var standIn: Double { includesLowerBound ? lowerBound : lowerBound + 1 }
}
