/// Figures by name as JSON can hold them: one that is no finite number becomes null, and null is read as one that is no
/// number.
@propertyWrapper
public struct FiguresOrNull: Codable, Sendable, Equatable {
    public var wrappedValue: [String: Double]

    public init(wrappedValue: [String: Double]) {
        self.wrappedValue = wrappedValue
    }

    public init(from decoder: any Decoder) throws {
        let figures = try decoder.singleValueContainer().decode([String: Double?].self)
        wrappedValue = figures.mapValues { $0 ?? .nan }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.mapValues { $0.isFinite ? Optional($0) : nil })
    }
}
