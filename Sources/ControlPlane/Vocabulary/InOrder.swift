/// A set that is coded as a list in order: equal sets have equal bytes, whatever order their members have in memory.
@propertyWrapper
package struct InOrder<Element: Hashable & Codable & Sendable & CustomStringConvertible>: Sendable, Equatable {
    package var wrappedValue: Set<Element>

    package init(wrappedValue: Set<Element>) {
        self.wrappedValue = wrappedValue
    }
}

extension InOrder: Codable {
    package init(from decoder: any Decoder) throws {
        wrappedValue = try Set([Element](from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try wrappedValue.sorted { $0.description < $1.description }.encode(to: encoder)
    }
}
