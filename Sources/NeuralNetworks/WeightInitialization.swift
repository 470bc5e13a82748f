import Tensors

/// How the weights of linear layers and convolutions start.
public struct WeightInitialization: Codable, Sendable, Equatable {
    /// Raw values are the names of the job file.
    public enum Rule: String, Codable, Sendable, CaseIterable {
        /// PyTorch's default of the layer.
        case standard = "default"
        /// U(-a, a), a = sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010).
        case xavierUniform = "xavier_uniform"
        /// N(0, 2 / (fan in + fan out)).
        case xavierNormal = "xavier_normal"
        /// U(-a, a), a = sqrt(6 / fan in) (He et al., 2015).
        case heUniform = "he_uniform"
        /// N(0, 2 / fan in).
        case heNormal = "he_normal"
        /// N(0, std^2).
        case normal
        case zeros
    }

    /// As GPT-2 has it.
    public static let defaultDeviation = 0.02

    public var rule: Rule
    /// Standard deviation, for `normal`.
    public var std: Double

    public init(_ rule: Rule, std: Double = defaultDeviation) {
        self.rule = rule
        self.std = std
    }

    /// For a weight with these numbers of inputs and outputs, as PyTorch counts them: a kernel's places count in both.
    /// Biases start as zeroes, except by default.
    ///
    /// - Parameter standard: PyTorch's default of the layer, for weight and bias.
    func starts(fanIn: Int, fanOut: Int, standard: Initialization) -> (weight: Initialization, bias: Initialization) {
        let both = Float(fanIn + fanOut)
        let weight: Initialization =
            switch rule {
            case .standard: standard
            case .xavierUniform: .xavierUniform(fanIn: fanIn, fanOut: fanOut)
            case .xavierNormal: .normal(deviation: (2 / both).squareRoot())
            case .heUniform: .uniform(bound: (6 / Float(fanIn)).squareRoot())
            case .heNormal: .normal(deviation: (2 / Float(fanIn)).squareRoot())
            case .normal: .normal(deviation: Float(std))
            case .zeros: .constant(0)
            }
        return (weight, rule == .standard ? standard : .constant(0))
    }

    /// The settings by which a layer says how its own weights start.
    static let settings = [
        LayerSetting(
            "initialization", .choice(Rule.allCases.map(\.rawValue)), .absent,
            "how its weights start, where not as `model.initialization` says; then its bias starts at 0"),
        LayerSetting(
            "std", .number(.above(0)), .absent,
            "standard deviation for the initialization `normal`; \(defaultDeviation) where left out"),
    ]

    /// What the settings of a layer say; nil if nothing.
    init?(_ settings: LayerSettings) throws(NetworkError) {
        let std = settings.optionalNumber("std")
        guard let rule = settings.optionalText("initialization").flatMap(Rule.init) else {
            if let std {
                throw .invalidLayer(
                    settings.position, name: "std", expected: "left out without the initialization normal",
                    actual: "\(std)")
            }
            return nil
        }
        self.init(rule, std: std ?? Self.defaultDeviation)
    }
}
