package import Foundation

/// Values by type. Without a default the key must be there. Where something is wrong the problem is noted and a
/// stand-in given: the default, or else an empty or lowest value.
extension YAMLMapping {
    package func string(_ key: String, default fallback: String? = nil) -> String {
        read(key, "text", fallback, orElse: "") { $0.asString() }
    }

    /// A file or folder; relative to `folder` unless absolute or in the home folder (`~/`).
    ///
    /// - Parameter what: is expected, where the key is missing.
    package func path(_ key: String, in folder: URL, _ what: String = "text") -> URL {
        read(key, what, nil, orElse: folder) { $0.asPath(in: folder) }
    }

    package func bool(_ key: String, default fallback: Bool? = nil) -> Bool {
        read(key, "true or false", fallback, orElse: false) { $0.asBool() }
    }

    /// - Parameter decidesKeys: which other keys there are follows from the choice, so without one none is unknown.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of type: Choice.Type = Choice.self, default fallback: Choice? = nil, decidesKeys: Bool = false
    ) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        let wasSound = isSoundSoFar
        let choice = read(key, "one of \(names)", fallback, orElse: Choice.allCases.first!) { $0.asChoice(type) }
        if decidesKeys, wasSound, !isSoundSoFar { passOverUnknownKeys() }
        return choice
    }

    package func integer(_ key: String, in range: (any YAMLRange<Int>)? = nil, default fallback: Int? = nil) -> Int {
        let what = range.map { "an integer \($0.words)" } ?? "an integer"
        return read(key, what, fallback, orElse: range?.standIn ?? 0) { $0.asInteger(in: range) }
    }

    /// Absent without a problem.
    package func optionalInteger(_ key: String, in range: (any YAMLRange<Int>)? = nil) -> Int? {
        value(key).flatMap { $0.asInteger(in: range) }
    }

    package func unsigned(_ key: String, default fallback: UInt64? = nil) -> UInt64 {
        read(key, "an integer from 0 to \(UInt64.max)", fallback, orElse: 0) { $0.asUnsigned() }
    }

    package func number(
        _ key: String, in range: (any YAMLRange<Double>)? = nil, default fallback: Double? = nil
    ) -> Double {
        let what = range.map { "a number \($0.words)" } ?? "a number"
        return read(key, what, fallback, orElse: range?.standIn ?? 0) { $0.asNumber(in: range) }
    }

    package func duration(_ key: String, default fallback: Duration? = nil) -> Duration {
        read(key, "a duration such as 250ms or 2s", fallback, orElse: .seconds(1)) { $0.asDuration() }
    }

    /// A list of texts.
    package func strings(_ key: String, default fallback: [String]? = nil) -> [String] {
        list(key, "a list of texts", default: fallback) { $0.asString() }
    }

    /// A list, each entry read by the closure, which gives nil after it noted a problem.
    package func list<Element>(
        _ key: String, _ what: String, default fallback: [Element]? = nil, _ body: (YAMLValue) -> Element?
    ) -> [Element] {
        read(key, what, fallback, orElse: []) { $0.asList()?.compactMap(body) }
    }

    /// A mapping read by the closure, all of whose other keys are unknown. Nil if it is missing or no mapping.
    package func mapping<Result>(_ key: String, _ what: String, _ body: (YAMLMapping) -> Result) -> Result? {
        required(key, what).flatMap { $0.mapping(body) }
    }

    /// The same, absent without a problem.
    package func optionalMapping<Result>(_ key: String, _ body: (YAMLMapping) -> Result) -> Result? {
        value(key).flatMap { $0.mapping(body) }
    }

    private func read<Result>(
        _ key: String, _ what: String, _ fallback: Result?, orElse standIn: Result, _ body: (YAMLValue) -> Result?
    ) -> Result {
        if let fallback { return value(key).map { body($0) ?? fallback } ?? fallback }
        return required(key, what).flatMap(body) ?? standIn
    }
}

extension YAMLValue {
    /// Reads a mapping by the closure, all of whose other keys are unknown. Nil if it is no mapping.
    package func mapping<Result>(_ body: (YAMLMapping) -> Result) -> Result? {
        guard let mapping = asMapping() else { return nil }
        let result = body(mapping)
        mapping.reportUnknownKeys()
        return result
    }
}
