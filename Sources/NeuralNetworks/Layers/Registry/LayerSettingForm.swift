/// The type and range of a layer's setting.
public enum LayerSettingForm: Sendable, Equatable {
    case integer(ClosedRange<Int>)
    /// One integer for both sides of an image, or `[height, width]`.
    case pair(ClosedRange<Int>)
    case number(NumberRange)
    case bool
    case choice([String])
    case integers(ClosedRange<Int>)
    case layers

    /// Such as `an integer from 1 to 9`.
    public var words: String {
        switch self {
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .pair(let range):
            "an integer from \(range.lowerBound) to \(range.upperBound), or two of them, [height, width]"
        case .number(let range): "a number \(range.words)"
        case .bool: "true or false"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        case .integers(let range): "a list of integers from \(range.lowerBound) to \(range.upperBound)"
        case .layers: "a list of layers"
        }
    }

    /// The value in the one way in which this form writes it, so that equal settings are equal values: `[3, 3]` as 3
    /// for both sides, 1 as 1.0 where a number is meant.
    func canonical(_ value: LayerValue) -> LayerValue {
        switch (self, value) {
        case (.pair, .integers(let sides)) where sides.count == 2 && sides[0] == sides[1]: .integer(sides[0])
        case (.number, .integer(let figure)): .number(Double(figure))
        case (.layers, .integers([])): .layers([])
        default: value
        }
    }

    /// Whether a canonical value is of this form and in its range.
    func accepts(_ value: LayerValue) -> Bool {
        switch (self, value) {
        case (.integer(let range), .integer(let figure)), (.pair(let range), .integer(let figure)):
            range.contains(figure)
        case (.pair(let range), .integers(let sides)): sides.count == 2 && sides.allSatisfy(range.contains)
        case (.number(let range), .number(let figure)): range.contains(figure)
        case (.bool, .bool): true
        case (.choice(let names), .text(let name)): names.contains(name)
        case (.integers(let range), .integers(let figures)): figures.allSatisfy(range.contains)
        case (.layers, .layers): true
        default: false
        }
    }
}

/// The finite numbers from a lower bound on, up to an upper one where there is one. They are computed with as 32-bit
/// floats, so as such they must be in the range as well: 1e-50 is not above 0, nor 0.99999999 below 1.
public struct NumberRange: Sendable, Equatable {
    public let lowerBound: Double
    public let includesLowerBound: Bool
    /// Not part of the range; nil: none.
    public let upperBound: Double?

    /// From `lowerBound` to below `upperBound`.
    public static func from(_ lowerBound: Double, below upperBound: Double? = nil) -> NumberRange {
        NumberRange(lowerBound: lowerBound, includesLowerBound: true, upperBound: upperBound)
    }

    public static func above(_ lowerBound: Double) -> NumberRange {
        NumberRange(lowerBound: lowerBound, includesLowerBound: false, upperBound: nil)
    }

    public func contains(_ value: Double) -> Bool {
        holds(value) && holds(Double(Float(value)))
    }

    private func holds(_ value: Double) -> Bool {
        value.isFinite && value >= lowerBound && (includesLowerBound || value > lowerBound)
            && upperBound.map { value < $0 } ?? true
    }

    /// What a number becomes that is in the range, but not as a 32-bit float; nil for others.
    public func misfit(of value: Double) -> Float? {
        holds(value) && !contains(value) ? Float(value) : nil
    }

    /// Such as `from 0.0 to below 1.0`.
    public var words: String {
        switch (includesLowerBound, upperBound) {
        case (true, let bound?): "from \(lowerBound) to below \(bound)"
        case (true, nil): "of at least \(lowerBound)"
        case (false, let bound?): "above \(lowerBound) and below \(bound)"
        case (false, nil): "above \(lowerBound)"
        }
    }
}
