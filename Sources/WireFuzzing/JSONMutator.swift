/// Spoils JSON documents in the ways that those who read them trip over: numbers at the ends of their range, none or too
/// many entries, fields that are missing, null or of another type. What comes out is JSON again.
package struct JSONMutator: Sendable {
    private var random: SplitMix64

    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// The document, changed in one place or a few.
    package mutating func mutate(_ document: JSONValue) -> JSONValue {
        var document = document
        repeat { document = changeSomewhere(document) } while Bool.random(using: &random)
        return document
    }

    /// Goes down to a random depth and changes what is there.
    private mutating func changeSomewhere(_ value: JSONValue) -> JSONValue {
        switch value {
        case .list(var values) where !values.isEmpty && goesDeeper():
            let place = Int.random(in: 0..<values.count, using: &random)
            values[place] = changeSomewhere(values[place])
            return .list(values)
        case .object(var values) where !values.isEmpty && goesDeeper():
            let key = values.keys.sorted().randomElement(using: &random)!
            values[key] = changeSomewhere(values[key]!)
            return .object(values)
        default: return change(value)
        }
    }

    private mutating func goesDeeper() -> Bool { Int.random(in: 0..<8, using: &random) > 0 }

    private mutating func change(_ value: JSONValue) -> JSONValue {
        switch value {
        case .list(let values) where Bool.random(using: &random):
            guard let some = values.randomElement(using: &random) else { return .list([.null]) }
            let count = [0, 1, values.count - 1, values.count + 1, 300].randomElement(using: &random)!
            return .list((0..<max(0, count)).map { $0 < values.count ? values[$0] : some })
        case .object(var values) where Bool.random(using: &random):
            guard let key = values.keys.sorted().randomElement(using: &random) else { return .null }
            values[key] = nil
            return .object(values)
        case .integer, .number: return Bool.random(using: &random) ? extremeNumber() : anything()
        default: return anything()
        }
    }

    private mutating func extremeNumber() -> JSONValue {
        [
            .integer(0), .integer(-1), .integer(1), .integer(.min), .integer(.max), .integer(.min + 1),
            .integer(1 << 32), .integer(1 << 53), .integer(-(1 << 40)), .number(1e308), .number(-1e308),
            .number(.leastNonzeroMagnitude), .number(0.5), .text("NaN"), .text("Infinity"), .text("-Infinity"),
        ].randomElement(using: &random)!
    }

    private mutating func anything() -> JSONValue {
        [
            .null, .bool(true), .text(""), .text(String(repeating: "x", count: 5000)), .text("a\u{0}b"), .list([]),
            .object([:]), extremeNumber(),
        ].randomElement(using: &random)!
    }
}
