/// What a kind of layer says of itself: enough to read it from a job file and to write its reference.
public struct LayerKind: Sendable {
    /// As in `LayerSpecification.kind`.
    public let name: String
    /// Other names that job files may use.
    public let aliases: [String]
    public let summary: String
    public let role: LayerRole
    public let settings: [LayerSetting]

    /// All kinds, in the order of the reference.
    public static let all: [LayerKind] = LayerRegistry.types.map(LayerKind.init)

    /// Those that a family puts behind its layers where its `activation` names them.
    public static let activations: [LayerKind] = all.filter(\.role.isActivation)

    /// The kind of this name, or of which this is another name.
    public static func named(_ name: String) -> LayerKind? {
        all.first { $0.name == name || $0.aliases.contains(name) }
    }

    /// The setting whose value may stand alone behind the name, as in `linear: 64`.
    public var loneSetting: LayerSetting? { settings.first(where: \.standsAlone) }

    /// The words of which a setting is one.
    public static func choices(of setting: String, in kind: String) -> [String] {
        guard case .choice(let words)? = form(of: setting, in: kind) else {
            preconditionFailure("\(setting) of \(kind) is no choice of words")
        }
        return words
    }

    /// The integers of which a setting is one.
    public static func range(of setting: String, in kind: String) -> ClosedRange<Int> {
        guard case .integer(let range)? = form(of: setting, in: kind) else {
            preconditionFailure("\(setting) of \(kind) is no integer")
        }
        return range
    }

    private static func form(of setting: String, in kind: String) -> LayerSettingForm? {
        named(kind)?.settings.first { $0.name == setting }?.form
    }

    /// Whether the name may stand without anything.
    public var isCompleteAlone: Bool { settings.allSatisfy { !$0.isRequired } }

    init(_ type: any Layer.Type) {
        name = type.kind
        aliases = type.aliases
        summary = type.summary
        role = type.role
        settings = type.settings
    }
}
