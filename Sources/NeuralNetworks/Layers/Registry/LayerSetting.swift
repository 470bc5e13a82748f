/// One setting of a kind of layer, declared once: its parser, its check and its line in the reference come from here.
public struct LayerSetting: Sendable {
    /// What stands where the setting is left out.
    public enum Fallback: Sendable {
        /// It may not be left out.
        case required
        /// Nothing.
        case absent
        case value(LayerValue)
        /// Follows from other settings: what the reference says, and the rule. Nil while one of those is missing.
        case derived(String, @Sendable ([String: LayerValue]) -> LayerValue?)
    }

    /// Largest width, number of channels, kernel or stride.
    public static let largestSide = 1 << 20

    public let name: String
    public let form: LayerSettingForm
    public let fallback: Fallback
    /// One line for the reference.
    public let summary: String
    /// Whether its value alone may stand behind the name of the layer; at most one of a kind.
    public let standsAlone: Bool

    init(
        _ name: String, _ form: LayerSettingForm, _ fallback: Fallback = .required, standsAlone: Bool = false,
        _ summary: String
    ) {
        self.name = name
        self.form = form
        self.fallback = fallback
        self.summary = summary
        self.standsAlone = standsAlone
    }

    public var isRequired: Bool {
        if case .required = fallback { true } else { false }
    }
}
