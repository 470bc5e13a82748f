/// One layer of a network, as data: its kind and its settings. `LayerKind` says which there are.
public struct LayerSpecification: Sendable, Equatable {
    /// Such as `conv2d`.
    public let kind: String
    /// Complete: what was left out is there with its default, so a stored specification means the same for ever.
    public let settings: [String: LayerValue]

    /// Layers within each other, the outermost counted: what builds, checks and reads them calls itself for each.
    public static let maximumDepth = 32

    /// Adds the defaults of the settings that are left out. Whether the settings are right is told when a network is
    /// built from them.
    public init(_ kind: String, _ settings: [String: LayerValue] = [:]) {
        self.kind = kind
        var complete = settings
        let declared = LayerRegistry.type(named: kind)?.settings ?? []
        for setting in declared {
            if let given = settings[setting.name] {
                complete[setting.name] = setting.form.canonical(given)
            } else if case .value(let fallback) = setting.fallback {
                complete[setting.name] = fallback
            }
        }
        for setting in declared where settings[setting.name] == nil {
            if case .derived(_, let rule) = setting.fallback { complete[setting.name] = rule(complete) }
        }
        self.settings = complete
    }
}

/// `{"conv2d": {"channels": 32, "kernel": 3, …}}`
extension LayerSpecification: Codable {
    private struct Kind: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Kind.self)
        guard let kind = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription: "a layer is its kind with its settings, found \(container.allKeys.count) kinds"))
        }
        self.init(kind.stringValue, try container.decode([String: LayerValue].self, forKey: kind))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Kind.self)
        try container.encode(settings, forKey: Kind(stringValue: kind))
    }
}

extension LayerSpecification {
    /// The layer that this describes. Throws what is wrong with its kind or with one of its settings.
    func layer(at position: LayerPosition) throws(NetworkError) -> any Layer {
        guard let type = LayerRegistry.type(named: kind) else { throw .unknownLayer(position, kind: kind) }
        for setting in type.settings {
            guard let value = settings[setting.name] else {
                guard setting.isRequired else { continue }
                throw .invalidLayer(position, name: setting.name, expected: setting.form.words, actual: "nothing")
            }
            guard setting.form.accepts(value) else {
                throw .invalidLayer(position, name: setting.name, expected: setting.form.words, actual: "\(value)")
            }
        }
        let declared = Set(type.settings.map(\.name))
        if let stranger = settings.keys.sorted().first(where: { !declared.contains($0) }) {
            let names = type.settings.map(\.name).joined(separator: ", ")
            throw .invalidLayer(
                position, name: stranger, expected: names.isEmpty ? "left out" : "one of \(names)", actual: stranger)
        }
        return try type.init(LayerSettings(position: position, values: settings))
    }
}
