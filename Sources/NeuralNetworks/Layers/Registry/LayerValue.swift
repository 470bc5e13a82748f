/// The value of a layer's setting.
public enum LayerValue: Sendable, Equatable {
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case text(String)
    case integers([Int])
    /// The content of a container.
    case layers([LayerSpecification])
}

extension LayerValue {
    /// Height and width of a pair.
    var sides: (height: Int, width: Int)? {
        switch self {
        case .integer(let side): (side, side)
        case .integers(let sides) where sides.count == 2: (sides[0], sides[1])
        default: nil
        }
    }

    /// A pair with a rule applied to each side.
    static func pair(_ height: Int, _ width: Int) -> LayerValue {
        height == width ? .integer(height) : .integers([height, width])
    }
}

/// As bare JSON values. A number without a fraction reads as an integer; the setting's form tells which it is.
extension LayerValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Int].self) {
            self = .integers(value)
        } else {
            self = .layers(try container.decode([LayerSpecification].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .integers(let value): try container.encode(value)
        case .layers(let value): try container.encode(value)
        }
    }
}

extension LayerValue: CustomStringConvertible {
    /// As in a job file, for errors.
    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .text(let value): "'\(value)'"
        case .integers(let value): "\(value)"
        case .layers(let value): "\(value.count) layers"
        }
    }
}
