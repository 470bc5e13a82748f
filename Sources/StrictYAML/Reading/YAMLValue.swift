import Files
package import Foundation
import Explanations

/// One value of a YAML file, to be read as what is expected there. Each reading notes a problem and gives nil where
/// something else stands.
package struct YAMLValue {
    let node: YAMLNode
    package let path: String
    let problems: YAMLProblems

    init(_ node: YAMLNode, path: String, _ problems: YAMLProblems) {
        self.node = node
        self.path = path
        self.problems = problems
    }

    /// Notes a problem of this value.
    package func report(_ message: String) {
        problems.add(YAMLProblem(place: node.place, path: path, message: message))
    }

    package var isMapping: Bool {
        if case .mapping = node.content { true } else { false }
    }

    package var isList: Bool {
        if case .list = node.content { true } else { false }
    }

    package func asMapping() -> YAMLMapping? {
        guard case .mapping(let entries) = node.content else { return expected("a mapping of keys to values") }
        return YAMLMapping(entries, place: node.place, path: path, problems)
    }

    package func asList() -> [YAMLValue]? {
        guard case .list(let nodes) = node.content else { return expected("a list") }
        return nodes.enumerated().map { YAMLValue($1, path: "\(path)[\($0)]", problems) }
    }

    /// Any scalar but nothing; `name: 7` is the text 7.
    package func asString() -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNothing else { return expected("text") }
        return text
    }

    /// A file or folder; relative to `folder` unless absolute or in the home folder (`~/`).
    package func asPath(in folder: URL) -> URL? {
        asString().map { URL(written: $0, in: folder) }
    }

    package func asBool() -> Bool? {
        guard case .scalar(let text, true) = node.content, text == "true" || text == "false" else {
            return expected("true or false")
        }
        return text == "true"
    }

    /// Decimal digits, with a sign at most.
    package func asInteger(in range: (any YAMLRange<Int>)? = nil) -> Int? {
        guard case .scalar(let text, true) = node.content, let value = Int(text), range?.contains(value) ?? true else {
            return expected(range.map { "an integer \($0.words)" } ?? "an integer")
        }
        return value
    }

    package func asUnsigned() -> UInt64? {
        guard case .scalar(let text, true) = node.content, let value = UInt64(text) else {
            return expected("an integer from 0 to \(UInt64.max)")
        }
        return value
    }

    /// A finite decimal number.
    package func asNumber(in range: (any YAMLRange<Double>)? = nil) -> Double? {
        guard case .scalar(let text, true) = node.content, text.utf8.allSatisfy(Self.isNumberByte),
            let value = Double(text), value.isFinite
        else { return expected(range.map { "a number \($0.words)" } ?? "a number") }
        guard let range, !range.contains(value) else { return value }
        return expected("a number \(range.words)", explanation: range.explanation(of: value))
    }

    /// A number with a unit: `250ms`, `1.5s`, `2m`, `1h`; of at least 1 ms and at most a day.
    package func asDuration() -> Duration? {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        guard case .scalar(let text, true) = node.content,
            let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            case let figure = text.dropLast(unit.suffix.count), figure.utf8.allSatisfy(Self.isNumberByte),
            let value = Double(figure)
        else { return expected("a duration such as 250ms, 1.5s, 2m or 1h") }
        guard (0.001...86400).contains(value * unit.seconds) else { return expected("a duration from 1ms to 24h") }
        return .seconds(value * unit.seconds)
    }

    /// One of the cases of an enumeration, by its raw value.
    package func asChoice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        asWord(of: Choice.allCases.map(\.rawValue)).flatMap(Choice.init)
    }

    /// One of these words.
    package func asWord(of words: [String]) -> String? {
        guard case .scalar(let text, _) = node.content, words.contains(text) else {
            return expected("one of \(words.joined(separator: ", "))", names: words)
        }
        return text
    }

    /// Notes that something else was expected, with the nearest of the names where there are any.
    private func expected<Result>(_ what: String, names: [String] = [], explanation: String? = nil) -> Result? {
        var message = "expected \(what), found \(node.described)"
        if case .scalar(let text, let isPlain) = node.content {
            if let near = nearestWord(to: text, in: names) {
                message += ": did you mean '\(near)'?"
            } else if !isPlain, names.isEmpty, Self.isOtherThanText(text) {
                message += ": take the quotes away"
            }
        }
        if let explanation { message += ", \(explanation)" }
        report(message)
        return nil
    }

    /// Whether a text would be something else without its quotes.
    private static func isOtherThanText(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return text == "true" || text == "false" || "0123456789+-.[{".utf8.contains(first)
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
